using System.Numerics;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Training that leaves the numbers says at which step and in which tensor.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class DivergenceTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string NotFinite = "a gradient is not finite or too large for the fixed-point range";

    // 3-9-2: the tensors lie at 0, 27, 36 and 54, so that both whole vectors and their ends are hit.
    [TestCase(0, double.NaN, "W1", NotFinite)]
    [TestCase(26, double.PositiveInfinity, "W1", NotFinite)]
    [TestCase(35, double.NegativeInfinity, "b1", NotFinite)]
    [TestCase(40, 1e30, "W2", NotFinite)]
    [TestCase(55, -1e30, "b2", NotFinite)]
    public void ReversibleStep_WithAGradientThatDoesNotFit_NamesStepAndTensor(int weight, double gradient, string tensor, string reason)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 4);
        using var backend = new ManagedBackend(1);
        using var session = Open(backend, small);
        using var state = session.NewReversibleState();
        state.Start();
        state.Advance(new Step(0));
        state.Advance(new Step(1));
        ((ManagedVector<T>)session.Gradient).Replica(0)[weight] = T.CreateTruncating(gradient);
        AssertDiverges(() => state.Advance(new Step(2)), 2, tensor, reason);
    }

    // Half of 3800 kicks a velocity from 0 to 1900, and then from 950 to 2850.
    [TestCase(53, 3800.0, "W2")]
    [TestCase(27, -3800.0, "b1")]
    public void ReversibleStep_ThatKicksAVelocityOutOfRange_NamesStepAndTensor(int weight, double gradient, string tensor)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 4);
        Array.Fill(small.Momentum, 0.5);
        Array.Fill(small.LearningRate, 1e-3);
        using var backend = new ManagedBackend(1);
        using var session = Open(backend, small);
        using var state = session.NewReversibleState();
        state.Start();
        ((ManagedVector<T>)session.Gradient).Replica(0)[weight] = T.CreateTruncating(gradient);
        state.Advance(new Step(0));
        AssertDiverges(() => state.Advance(new Step(1)), 1, tensor, "a velocity left the fixed-point range of ±2048");
    }

    [TestCase(3, "W1")]
    [TestCase(30, "b1")]
    [TestCase(54, "b2")]
    public void ReversibleStep_ThatMovesAWeightOutOfRange_NamesStepAndTensor(int weight, string tensor)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 3);
        Array.Fill(small.LearningRate, 50);
        Array.Fill(small.Momentum, 0.5);
        using var backend = new ManagedBackend(1);
        using var session = Open(backend, small);
        using var state = session.NewReversibleState();
        state.Start();
        ((ManagedVector<T>)session.Gradient).Replica(0)[weight] = T.CreateTruncating(40);
        state.Advance(new Step(0));
        AssertDiverges(() => state.Advance(new Step(1)), 1, tensor, "a weight left the fixed-point range of ±2048");
    }

    [TestCase(double.NaN, 0.5)]
    [TestCase(double.PositiveInfinity, 0.5)]
    [TestCase(double.NaN, 1.0)]
    public void PlainStep_WithAGradientThatIsNotFinite_NamesStepAndTensor(double gradient, double momentum)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 3);
        Array.Fill(small.Momentum, momentum);
        using var backend = new ManagedBackend(1);
        using var session = Open(backend, small);
        session.Start();
        ((ManagedVector<T>)session.Gradient).Replica(0)[35] = T.CreateTruncating(gradient);
        AssertDiverges(() => session.MomentumStep(new Step(1)), 1, "b1", "a gradient, velocity or weight is not finite");
    }

    private static ISession Open(ManagedBackend backend, SmallRun small) =>
        backend.Open(small.ToRun(), typeof(T) == typeof(float) ? Precision.Single : Precision.Double);

    private static void AssertDiverges(Action action, int step, string tensor, string reason)
    {
        var exception = Assert.Throws<TrainingDivergedException>(action)!;
        Assert.That(
            exception.Message, Is.EqualTo($"Training diverged at step {step} in {tensor}: {reason}. Lower the learning rate or the initial scale."));
        Assert.That((exception.Step, exception.Tensor), Is.EqualTo((step, tensor)));
    }
}
