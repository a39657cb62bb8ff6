using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Tests.Backends;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>The growth that is read off an adjoint whose numbers are written by hand: two replicas of six weights, ten steps.</summary>
[TestFixture]
public sealed class AdjointWatchTests
{
    private const int Steps = 10;

    // Lengths 5 and 2 at the end; the factors of the two replicas are 1 and 2, then 3 and 2, then 1 and 2.5.
    [Test]
    public void Growth_IsTheLargestOfAllStepsAndReplicas_OfLengths()
    {
        using var session = Open();
        using var adjoint = session.NewVector();
        Write(adjoint, [0, 3, 0, 0, -4, 0], [2, 0, 0, 0, 0, 0]);
        var watch = new AdjointWatch(session, adjoint);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(1, Steps)));
        Write(adjoint, [5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 4]);
        watch.Measure(7);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(2, 7)));
        Write(adjoint, [-12, 0, 0, 0, 9, 0], [0, 4, 0, 0, 0, 0]);
        watch.Measure(3);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(3, 3)));
        Write(adjoint, [5, 0, 0, 0, 0, 0], [3, 4, 0, 0, 0, 0]);
        watch.Measure(0);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(3, 3)));
    }

    [Test]
    public void AdjointOfTheSameLength_HasNotGrown()
    {
        using var session = Open();
        using var adjoint = session.NewVector();
        Write(adjoint, [3, 4, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]);
        var watch = new AdjointWatch(session, adjoint);
        watch.Measure(4);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(1, Steps)));
    }

    // The validation loss of a replica may be flat where its training ends.
    [Test]
    public void AdjointThatIsZeroAtTheEnd_GrowsNotAtAll_OrWithoutBound()
    {
        using var session = Open();
        using var adjoint = session.NewVector();
        var watch = new AdjointWatch(session, adjoint);
        watch.Measure(6);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(1, Steps)));
        Write(adjoint, [0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]);
        watch.Measure(2);
        Assert.That(watch.Growth, Is.EqualTo(new AdjointGrowth(double.PositiveInfinity, 2)));
    }

    [Test]
    public void GrowthOfExactlyTheThreshold_IsNotWarnedOf()
    {
        var growth = new AdjointGrowth(AdjointGrowth.WarnBeyond, 3);
        Assert.That((growth.IsExploding, growth.Warning), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void Warning_NamesTheFactorTheStepAndTheRemedy() =>
        Assert.That(new AdjointGrowth(12_345, 3).Warning, Is.EqualTo(
            "The adjoint grew 1.2E+4-fold on the way back to step 3: training is beyond the edge of stability, and its hypergradient, "
            + "though exact, holds only for very small changes. Lower the learning rate, or train for fewer steps."));

    private static ISession Open() =>
        Backend.Managed.Open((new SmallRun(1, [2, 2], steps: Steps).ToRun() with { Replicas = 2 }).Lower(), Precision.Double);

    private static void Write(IVector vector, double[] first, double[] second)
    {
        vector.Write(first);
        vector.Write(second, replica: 1);
    }
}
