using Hypergrad.Backends;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>Training that leaves the numbers says at which step and in which tensor.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class DivergenceTests(string backend, Precision precision) : BackendUnderTest(backend)
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
        using var session = UnderTest.Open(small.ToRaw(), precision);
        using var state = session.NewReversibleState();
        state.Start();
        state.Advance(new Step(0));
        state.Advance(new Step(1));
        session.Gradient.Write([gradient], first: weight);
        AssertDiverges(() => Advance(state, 2), 2, tensor, reason);
    }

    // Half of 3800 kicks a velocity from 0 to 1900, and then from 950 to 2850.
    [TestCase(53, 3800.0, "W2")]
    [TestCase(27, -3800.0, "b1")]
    public void ReversibleStep_ThatKicksAVelocityOutOfRange_NamesStepAndTensor(int weight, double gradient, string tensor)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 4);
        Array.Fill(small.Momentum, 0.5);
        Array.Fill(small.LearningRate, 1e-3);
        using var session = UnderTest.Open(small.ToRaw(), precision);
        using var state = session.NewReversibleState();
        state.Start();
        session.Gradient.Write([gradient], first: weight);
        state.Advance(new Step(0));
        AssertDiverges(() => Advance(state, 1), 1, tensor, "a velocity left the fixed-point range of ±2048");
    }

    [TestCase(3, "W1")]
    [TestCase(30, "b1")]
    [TestCase(54, "b2")]
    public void ReversibleStep_ThatMovesAWeightOutOfRange_NamesStepAndTensor(int weight, string tensor)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 3);
        Array.Fill(small.LearningRate, 50);
        Array.Fill(small.Momentum, 0.5);
        using var session = UnderTest.Open(small.ToRaw(), precision);
        using var state = session.NewReversibleState();
        state.Start();
        session.Gradient.Write([40], first: weight);
        state.Advance(new Step(0));
        AssertDiverges(() => Advance(state, 1), 1, tensor, "a weight left the fixed-point range of ±2048");
    }

    [TestCase(double.NaN, 0.5)]
    [TestCase(double.PositiveInfinity, 0.5)]
    [TestCase(double.NaN, 1.0)]
    public void PlainStep_WithAGradientThatIsNotFinite_NamesStepAndTensor(double gradient, double momentum)
    {
        var small = new SmallRun(1, [3, 9, 2], steps: 3);
        Array.Fill(small.Momentum, momentum);
        using var session = UnderTest.Open(small.ToRaw(), precision);
        session.Start();
        session.Gradient.Write([gradient], first: 35);
        AssertDiverges(() => PlainStep(session, 1), 1, "b1", "a gradient or velocity is not finite");
    }

    // On a device a fault is noticed by the next call that waits.
    private static void Advance(IReversibleState state, int step)
    {
        state.Advance(new Step(step));
        state.Hash();
    }

    private static void PlainStep(ISession session, int step)
    {
        session.Advance(new Step(step));
        session.TrainingLosses(0);
    }

    private static void AssertDiverges(Action action, int step, string tensor, string reason)
    {
        var exception = Assert.Throws<TrainingDivergedException>(action)!;
        Assert.That(
            exception.Message, Is.EqualTo(
                $"Training diverged at step {step} in {tensor}: {reason}. Lower the learning rate or the initial scale."));
        Assert.That((exception.Step, exception.Tensor), Is.EqualTo((step, tensor)));
    }
}
