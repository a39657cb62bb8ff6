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
    [TestCase(Precision.Single, Sharing.Unit)]
    [TestCase(Precision.Double, Sharing.Tensor)]
    public void AHundredThousandSteps_ComeBackToTheFirstBit(Precision precision, Sharing sharing)
    {
        // A device that this processor plays takes a millisecond for a step.
        int steps = UnderTest.Description.Contains("simulated", StringComparison.Ordinal) ? 1000 : 100_000;
        // Logistic regression, each step's momenta and learning rates other ones.
        var small = new SmallRun(9, [2, 2], Activation.Identity, steps: steps, learningRates: sharing, momenta: sharing, largestBatch: 3);
        var random = new Philox(4);
        small.Momentum = [.. small.Momentum.Select((_, i) => 0.98 - 0.5 * Math.Pow(random.Uniform((ulong)i), 3))];
        var run = small.ToRun();
        using var session = UnderTest.Open(run, precision);
        var start = new double[run.Model.ParameterCount];
        session.Start();
        session.Weights.CopyTo(0, start);

        using var trajectory = new ReversibleTrajectory(session, verifyEvery: steps / 100);
        trajectory.Train();
        var end = new double[start.Length];
        session.Weights.CopyTo(0, end);
        Assert.That(end, Is.Not.EqualTo(start));
        trajectory.ForEachStepBackward(step =>
        {
            session.EvaluateGradient(step);
            trajectory.RecoverVelocity(step);
        });

        var back = new double[start.Length];
        session.Weights.CopyTo(0, back);
        Assert.That(back, Is.EqualTo(start.Select(weight => FixedPoint.ToDouble(FixedPoint.FromDouble(weight)))));
        var report = trajectory.Report;
        Assert.That(report.Exact, Is.True);
        Assert.That(report.BitsPerWeightStep, Is.InRange(
            // The store itself, 16 bits, is not counted.
            0.99 * report.EntropyBitsPerWeightStep - 16.0 / steps, 1.05 * report.EntropyBitsPerWeightStep));
    }
}
