using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>How far the adjoint grows, on a run of two weights where it can be followed by hand.</summary>
[TestFixture]
public sealed class AdjointGrowthTests
{
    private const int Steps = 10;

    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new ReversibleMethod { VerifyEvery = 3 }, new CheckpointedMethod { Snapshots = 2 }, new StoredMethod()];

    [Test]
    public void Growth_IsThatOfTheAdjointFollowedByHand([ValueSource(nameof(Methods))] HypergradientMethod method)
    {
        // Both weights have the same adjoint: dv += α dw, u = (1 − γ) dv, dw −= 2u, dv = γ dv with α = 16, γ = ½.
        double dw = 1, dv = 0, largest = 1;
        for (int t = Steps - 1; t >= 0; t--)
        {
            dv += 16 * dw;
            dw -= 2 * 0.5 * dv;
            dv *= 0.5;
            largest = Math.Max(largest, Math.Abs(dw));
        }
        var growth = Growth(ExplodingAdjoint.Run(Steps), method);
        Assert.That(growth.Factor, Is.EqualTo(largest).Within(1e-9 * largest));
        Assert.That((growth.Step, growth.IsExploding), Is.EqualTo((0, true)));
        Assert.That(growth.Warning, Does.StartWith("The adjoint grew ").And.Contain("-fold on the way back to step 0: "));
    }

    [Test]
    public void AdjointThatNeverGrows_HasGrownByOne_AtTheEnd()
    {
        var run = ExplodingAdjoint.Run(Steps);
        Array.Fill(run.LearningRate, 0.01);
        var growth = Growth(run, new ReversibleMethod());
        Assert.That((growth, growth.IsExploding, growth.Warning), Is.EqualTo((new AdjointGrowth(1, Steps), false, (string?)null)));
    }

    [TestCase(99, false)]
    [TestCase(101, true)]
    [TestCase(double.PositiveInfinity, true)]
    [TestCase(double.NaN, true)]
    public void Warning_IsGivenBeyondTheThreshold(double factor, bool warns) =>
        Assert.That(new AdjointGrowth(factor, 3).Warning is not null, Is.EqualTo(warns));

    private static AdjointGrowth Growth(Tests.Runs.SmallRun run, HypergradientMethod method) =>
        Hypergradient.Compute(new TrainingRun(run.ToRaw()), run.Validation, method, new()
        {
            Backend = Backend.Managed,
            Precision = Precision.Double,
        }).AdjointGrowth;
}
