using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Tests.Backends;
using Hypergrad.Tests.Runs;
using Hypergrad.Tests.Trajectories;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>A hypergradient that is not finite is an error, and never a result.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class AdjointDivergenceTests(string backend, Precision precision) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new CheckpointedMethod(), new StoredMethod(), new DrMadMethod()];

    private static readonly RawParts[] Parts = [.. Close.Parts, RawParts.All, RawParts.Schedules, RawParts.L2 | RawParts.Inputs];

    // Enough for either precision.
    private int Steps => precision == Precision.Single ? 80 : 400;

    private int FirstBrokenStep =>
        precision == Precision.Single ? ExplodingAdjoint.FirstBrokenStep<float>(Steps) : ExplodingAdjoint.FirstBrokenStep<double>(Steps);

    [Test]
    public void AdjointThatOverflows_NamesTheStepAndTheParts([ValueSource(nameof(Parts))] RawParts parts, [ValueSource(nameof(Methods))] HypergradientMethod method)
    {
        var exception = Diverges(ExplodingAdjoint.Run(Steps), parts, method);
        Assert.That((exception.Step, exception.Parts), Is.EqualTo((FirstBrokenStep, parts)));
    }

    [Test]
    public void AdjointThatOverflows_InACoarseSweep_NamesTheParts([ValueSource(nameof(Parts))] RawParts parts) =>
        Assert.That(Diverges(ExplodingAdjoint.Run(Steps), parts, new DrMadMethod { ReverseSteps = Steps - 1 }).Parts, Is.EqualTo(parts));

    [Test]
    public void Training_OfTheSameRun_IsFinite()
    {
        var run = ExplodingAdjoint.Run(20);
        var result = Compute(run, RawParts.All, new ReversibleMethod(), UnderTest);
        Assert.That(result.ValidationLoss, Is.InRange(0, 100));
        Assert.That(result.TrainingLosses, Is.All.Zero);
        Assert.That(result.Raw.InitialWeights!.Max(Math.Abs), Is.InRange(1e15, 1e30), "the adjoint grows");
    }

    [Test]
    public void Message_NamesTheRemedyOfThePrecision()
    {
        string grown = $"The hypergradient diverged by step {FirstBrokenStep} on the way back: ";
        string because = " not finite. Small changes of the run grow along it beyond ", remedy = "lower the learning rate, or train fewer steps.";
        string toDo = precision == Precision.Single ? $"single precision: compute in double precision, {remedy}" : $"double precision: {remedy}";
        string Message(RawParts parts) => Diverges(ExplodingAdjoint.Run(Steps), parts, new StoredMethod()).Message;
        Assert.That(Message(RawParts.ExampleWeights), Is.EqualTo($"{grown}example weights is{because}{toDo}"));
        Assert.That(Message(RawParts.LearningRate | RawParts.L2 | RawParts.L1), Is.EqualTo($"{grown}learning rate, L2, L1 are{because}{toDo}"));
    }

    // One replica of two.
    [Test]
    public void OneReplica_IsEnough()
    {
        if (UnderTest != Backend.Managed)
            Assert.Ignore("The fault is written into the managed backend's memory.");
        var run = new SmallRun(1, [3, 4, 2]).ToRun() with { Replicas = 2 };
        var backend = Faulty((method, arguments, _) =>
        {
            if (method == "MultiplyAdd" && ((Step)arguments[1]!).Number == 2)
                ((IVector)arguments[3]!).Write([double.PositiveInfinity], replica: 1);
        });
        var exception = Assert.Throws<HypergradientDivergedException>(() => Hypergradient.Compute(
            run, new SmallRun(1, [3, 4, 2]).Validation, new StoredMethod(), new() { Backend = backend, Precision = precision, Parts = RawParts.L2 }))!;
        Assert.That((exception.Step, exception.Parts), Is.EqualTo((2, RawParts.L2)));
    }

    [Test]
    public void SumThatOverflowsByItself_IsKnownAtTheEnd()
    {
        if (UnderTest != Backend.Managed)
            Assert.Ignore("The fault is written into the managed backend's memory.");
        var backend = Faulty((method, arguments, _) =>
        {
            if (method == "SubtractPenaltyTangent" && arguments[1] is IVector l2)
                l2.Write([double.NegativeInfinity], first: 3);
        });
        var exception = Diverges(new SmallRun(1, [3, 4, 2]), RawParts.L2 | RawParts.L1, new ReversibleMethod(), backend);
        Assert.That((exception.Step, exception.Parts), Is.EqualTo((0, RawParts.L2)));
    }

    [TestCase(RawParts.L2)]
    [TestCase(RawParts.L2 | RawParts.LearningRate | RawParts.Momentum)]
    public void AdjointAlone_IsEnough(RawParts parts)
    {
        if (UnderTest != Backend.Managed)
            Assert.Ignore("The fault is written into the managed backend's memory.");
        int subtractions = 0;
        var backend = Faulty((method, arguments, session) =>
        {
            if (method == "Subtract" && ++subtractions % session.Run.Steps == 0)
                ((IVector)arguments[1]!).Write([double.NaN], first: 7);
        });
        var exception = Diverges(new SmallRun(1, [3, 4, 2]), parts, new StoredMethod(), backend);
        Assert.That((exception.Step, exception.Parts), Is.EqualTo((0, RawParts.None)));
        Assert.That(exception.Message, Does.StartWith("The hypergradient diverged by step 0 on the way back: the adjoint is not finite. "));
    }

    // Does something after every call of a session of the managed backend.
    private static IBackend Faulty(Action<string, object?[], ISession> after) => Altered<IBackend>.Around(Backend.Managed, (_, _, opened) =>
        opened is ISession session
            ? Altered<ISession>.Around(session, (method, arguments, result) =>
            {
                after(method, arguments, session);
                return result;
            })
            : opened);

    private HypergradientDivergedException Diverges(SmallRun run, RawParts parts, HypergradientMethod method, IBackend? on = null) =>
        Assert.Throws<HypergradientDivergedException>(() => Compute(run, parts, method, on ?? UnderTest))!;

    private Hypergradient Compute(SmallRun run, RawParts parts, HypergradientMethod method, IBackend on) =>
        Hypergradient.Compute(run.ToRun(), run.Validation, method, new() { Backend = on, Precision = precision, Parts = parts });
}
