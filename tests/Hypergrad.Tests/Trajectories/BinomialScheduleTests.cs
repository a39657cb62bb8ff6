using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Trajectories;

[TestFixture]
public sealed class BinomialScheduleTests
{
    private readonly Dictionary<(int Length, int Snapshots), long> scheduled = [];

    [Test]
    public void NextSnapshot_RunsTheFewestSteps([Values(1, 2, 3, 4, 5, 8)] int snapshots)
    {
        for (int length = 1; length <= 120; length++)
            Assert.That(Scheduled(length, snapshots), Is.EqualTo(FewestSteps.ToReverse(length, snapshots)), $"{length} steps");
    }

    // Griewank and Walther 2000: t(l, s) = r l − β(s + 1, r − 1), with r the fewest repetitions for which β(s, r) = C(s + r, s) ≥ l. Their count
    // includes a first step forward at every step of the reversal, which is the sweep's own here.
    [Test]
    public void NextSnapshot_MeetsTheFormula([Values(1, 2, 3, 5)] int snapshots, [Values(2, 10, 35, 100)] int length)
    {
        int repetitions = 1;
        while (Binomial(snapshots + repetitions, snapshots) < length)
            repetitions++;
        Assert.That(Scheduled(length, snapshots), Is.EqualTo(repetitions * (long)length - Binomial(snapshots + repetitions, snapshots + 1)));
    }

    [Test]
    public void NextSnapshot_OfAMillionSteps_IsInside([Values(2, 3, 20, 1000)] int snapshots) =>
        Assert.That(BinomialSchedule.NextSnapshot(1_000_000, snapshots), Is.InRange(1, 999_999));

    private long Scheduled(int length, int snapshots)
    {
        if (length == 1)
            return 0;
        if (snapshots == 1)
            return length * (length - 1L) / 2;
        if (!scheduled.TryGetValue((length, snapshots), out long steps))
        {
            int next = BinomialSchedule.NextSnapshot(length, snapshots);
            scheduled[(length, snapshots)] = steps = next + Scheduled(length - next, snapshots - 1) + Scheduled(next, snapshots);
        }
        return steps;
    }

    private static long Binomial(int n, int k) => k > n ? 0 : Enumerable.Range(1, k).Aggregate(1L, (product, i) => product * (n - k + i) / i);
}
