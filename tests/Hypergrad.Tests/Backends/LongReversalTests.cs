using Hypergrad.Arithmetic;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Tests.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Backends;

/// <summary>A hundred thousand steps, and back to the first bit.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class LongReversalTests(string backend) : BackendUnderTest(backend)
{
    // A device that this processor plays takes a millisecond for a step.
    private int Steps => UnderTest.Description.Contains("simulated", StringComparison.Ordinal) ? 1000 : 100_000;

    [TestCase(Precision.Single, Sharing.Unit)]
    [TestCase(Precision.Double, Sharing.Tensor)]
    public void AHundredThousandSteps_ComeBackToTheFirstBit(Precision precision, Sharing sharing)
    {
        // Logistic regression, each step's momenta and learning rates other ones.
        var small = new SmallRun(
            9, [2, 2], Activation.Identity, steps: Steps, learningRates: sharing, momenta: sharing, largestBatch: 3);
        var random = new Philox(4);
        small.Momentum = [.. small.Momentum.Select((_, i) => 0.98 - 0.5 * Math.Pow(random.Uniform((ulong)i), 3))];
        var report = AssertComesBack(small, precision);
        Assert.That(report.BitsPerWeightStep, Is.InRange(
            // The store itself, 16 bits, is not counted.
            0.99 * report.EntropyBitsPerWeightStep - 16.0 / Steps, 1.05 * report.EntropyBitsPerWeightStep));
    }

    // Three decays for every weight: the weights' own, the first moments' and the second moments'.
    [TestCase(Precision.Single, Sharing.Unit)]
    [TestCase(Precision.Double, Sharing.Tensor)]
    public void AHundredThousandSteps_OfAdamW_ComeBackToTheFirstBit(Precision precision, Sharing sharing)
    {
        var small = new SmallRun(9, [2, 2], Activation.Identity, steps: Steps, largestBatch: 3).WithAdamW(sharing, sharing);
        var random = new Philox(4);
        double Drawn(int i, double power) => Math.Pow(random.Uniform((ulong)i), power);
        small.SetTable(Quantity.Beta1, [.. small[Quantity.Beta1].Select((_, i) => 0.95 - 0.4 * Drawn(2 * i, 3))]);
        small.SetTable(Quantity.Beta2, [.. small[Quantity.Beta2].Select((_, i) => 0.9999 - 0.05 * Drawn(2 * i + 1, 4))]);
        var report = AssertComesBack(small, precision);
        Assert.That(report.BitsPerWeightStep, Is.InRange(
            // The stores themselves are not counted.
            0.99 * report.EntropyBitsPerWeightStep - report.ResidentBitsPerWeight / Steps, 1.1 * report.EntropyBitsPerWeightStep));
        Assert.That(report.ResidentBitsPerWeight, Is.EqualTo(32 + 16 + 32));
    }

    private ReversalReport AssertComesBack(SmallRun small, Precision precision)
    {
        var run = small.ToRaw();
        using var session = UnderTest.Open(run, precision);
        var start = new double[run.Network.ParameterCount];
        session.Start();
        session.Weights.CopyTo(0, start);

        using var trajectory = new ReversibleTrajectory(session, verifyEvery: Steps / 100);
        trajectory.Train();
        var end = new double[start.Length];
        session.Weights.CopyTo(0, end);
        Assert.That(end, Is.Not.EqualTo(start));
        trajectory.ForEachStepBackward(step =>
        {
            trajectory.RecoverWeights(step);
            session.EvaluateGradient(step);
            trajectory.RecoverSlots(step);
        });

        var back = new double[start.Length];
        session.Weights.CopyTo(0, back);
        Assert.That(back, Is.EqualTo(start.Select(weight => FixedPoint.ToDouble(FixedPoint.FromDouble(weight)))));
        var report = trajectory.Report;
        Assert.That(report, Is.Not.Null.And.Property("Exact").True);
        return report!;
    }
}
