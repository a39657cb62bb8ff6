using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Hyperparameters;

/// <summary>Schedules of every form: the value of each step, and the pull-back.</summary>
[TestFixture]
public sealed class ScheduleTests
{
    private const int Steps = 9;

    private static readonly Network Network = Network.Mlp([2, 3, 1]);

    private static IEnumerable<TestCaseData> Forms()
    {
        static TestCaseData Case(string name, Schedule schedule, double[] values, double[] steps) =>
            new TestCaseData(schedule with { Values = values }, steps).SetArgDisplayNames(name);
        yield return Case("per step", Schedule.PerStep(4, Sharing.All, 1), [1, 2, 3, 4], [1, 2, 3, 4]);
        yield return Case("constant", Schedule.Constant(4, Sharing.All, 1), [7], [7, 7, 7, 7]);
        yield return Case("two knots", Schedule.PiecewiseLinear(5, 2, Sharing.All, 1), [1, 3], [1, 1.5, 2, 2.5, 3]);
        yield return Case("three knots", Schedule.PiecewiseLinear(5, 3, Sharing.All, 1), [1, 3, -1], [1, 2, 3, 1, -1]);
        yield return Case("three knots between steps", Schedule.PiecewiseLinear(4, 3, Sharing.All, 1), [0, 3, 9], [0, 2, 5, 9]);
        yield return Case("as many knots as steps", Schedule.PiecewiseLinear(4, 4, Sharing.All, 1), [4, 1, 5, 2], [4, 1, 5, 2]);
        yield return Case("pieces", Schedule.PiecewiseConstant(6, 3, Sharing.All, 1), [1, 2, 3], [1, 1, 2, 2, 3, 3]);
        yield return Case("uneven pieces", Schedule.PiecewiseConstant(5, 2, Sharing.All, 1), [1, 2], [1, 1, 1, 2, 2]);
        yield return Case("one piece", Schedule.PiecewiseConstant(3, 1, Sharing.All, 1), [8], [8, 8, 8]);
    }

    [TestCaseSource(nameof(Forms))]
    public void Value_OfEveryStep_ByHand(Schedule schedule, double[] steps) => Close.AssertWithin(
        schedule.ToTable(Network, steps.Length, "learning rate").Values.ToArray(), steps, 1e-15, "values");

    private static IEnumerable<Schedule> OfGroups() =>
        from sharing in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit }
        from schedule in (Schedule[])
        [
            Schedule.PerStep(Steps, sharing, 1), Schedule.Constant(Steps, sharing, 1), Schedule.Constant(sharing, 1),
            Schedule.PiecewiseLinear(Steps, 2, sharing, 1), Schedule.PiecewiseLinear(Steps, 4, sharing, 1),
            Schedule.PiecewiseConstant(Steps, 1, sharing, 1), Schedule.PiecewiseConstant(Steps, 4, sharing, 1),
        ]
        select schedule;

    // The table is linear in the values, so that differences are exact but for rounding.
    [TestCaseSource(nameof(OfGroups))]
    public void PullBack_IsTheSlopeOfTheTable(Schedule schedule)
    {
        int groups = new WeightGrouping(Network, schedule.Sharing).Count;
        var random = new Philox(3);
        double[] values = Numbers(schedule.Knots * groups, 0), along = Numbers(Steps * groups, 1000);
        double At(double[] at) =>
            (schedule with { Values = at }).ToTable(Network, Steps, "γ").Values.ToArray().Zip(along, (value, c) => value * c).Sum();
        var slopes = new double[values.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            double[] ahead = [.. values], behind = [.. values];
            (ahead[i], behind[i]) = (values[i] + 0.5, values[i] - 0.5);
            slopes[i] = At(ahead) - At(behind);
        }
        var gradient = new double[values.Length];
        schedule.PullBack(along, new(Network, 1, 0), gradient);
        Close.Assert(gradient, slopes, 1e-13, "slopes");

        double[] Numbers(int count, int from) => [.. Enumerable.Range(from, count).Select(i => random.Uniform((ulong)i) - 0.5)];
    }

    [TestCase(5, 1, "A schedule of 1 knots over 5 steps: give it 2 to 5.")]
    [TestCase(5, 6, "A schedule of 6 knots over 5 steps: give it 2 to 5.")]
    public void Knots_ThatDoNotFit_AreRefused(int steps, int knots, string message) =>
        Refusals.Configuration(() => Schedule.PiecewiseLinear(steps, knots, Sharing.All, 1), message);

    [TestCase(5, 0, "A schedule of 0 knots over 5 steps: give it 1 to 5.")]
    [TestCase(5, 6, "A schedule of 6 knots over 5 steps: give it 1 to 5.")]
    public void Pieces_ThatDoNotFit_AreRefused(int steps, int pieces, string message) =>
        Refusals.Configuration(() => Schedule.PiecewiseConstant(steps, pieces, Sharing.All, 1), message);
}
