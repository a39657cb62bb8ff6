using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.Tests.Hyperparameters;

[TestFixture]
public sealed class StretchedScheduleTests
{
    private static readonly Network Network = Network.Mlp([2, 3]);

    // Two groups: the weights and the biases.
    private static Schedule PerStep(params double[] values) =>
        Schedule.PerStep(values.Length / 2, Sharing.Tensor, 0) with { Values = values };

    [Test]
    public void ValuesOfEveryStep_LieOnTheStraightLinesBetweenThoseBefore()
    {
        var longer = PerStep(1, 10, 3, 30, 2, 20).Stretched(5);
        Assert.That((longer.Steps, longer.Knots, longer.IsTuned), Is.EqualTo(((int?)5, 5, true)));
        Close.AssertWithin(longer.Values, [1, 10, 2, 20, 3, 30, 2.5, 25, 2, 20], 1e-12, "longer");
        Close.AssertWithin(longer.Stretched(3).Values, [1, 10, 3, 30, 2, 20], 1e-12, "shorter");
        Close.AssertWithin(longer.Stretched(1).Values, [1, 10], 1e-12, "one step");
        Close.AssertWithin(PerStep(4, 5).Stretched(2).Values, [4, 5, 4, 5], 1e-12, "from one step");
    }

    [Test]
    public void ValuesAtKnots_KeepTheirPlaces()
    {
        var linear = Schedule.PiecewiseLinear(5, 2, Sharing.All, 0) with { Values = [0, 1] };
        double[] table = linear.Stretched(11).ToTable(Network, 11, "rate").Values.ToArray();
        Close.AssertWithin(table, [.. Enumerable.Range(0, 11).Select(i => i / 10.0)], 1e-12, "linear");
        var constant = Schedule.Constant(5, Sharing.All, 0.5);
        Assert.That((constant.Stretched(9).Steps, constant.Stretched(9).Knots), Is.EqualTo(((int?)9, 1)));
        Assert.That(Schedule.Constant(Sharing.All, 0.5).Stretched(9).Steps, Is.Null);
    }

    [Test]
    public void Optimizer_StretchesAllItsSchedules()
    {
        var optimizer = new AdamW { LearningRate = Schedule.PerStep(4, Sharing.All, 0.1) };
        Assert.That(optimizer.Stretched(7).Steps, Is.EqualTo(7));
    }

    [Test]
    public void FewerStepsThanKnots_OrNone_AreRefused()
    {
        Refusals.Configuration(() => Schedule.PiecewiseLinear(5, 4, Sharing.All, 0).Stretched(3),
            "A schedule of 4 knots over 3 steps: give it 2 to 3.");
        Refusals.Configuration(() => PerStep(1, 2, 3, 4).Stretched(0), "A schedule of 0 steps: training needs at least 1 step.");
    }
}
