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

    private static readonly Quantity[][] Asked =
    [
        .. ExplodingAdjoint.Run(1).ToRaw().Quantities.Select(quantity => new[] { quantity }),
        [.. ExplodingAdjoint.Run(1).ToRaw().Quantities], [Quantity.LearningRate, Quantity.Momentum], [Quantity.L2, Quantity.Inputs],
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from quantities in Asked
        from method in Methods
        select new TestCaseData(quantities, method).SetArgDisplayNames(string.Join(", ", quantities.AsEnumerable()), method.Name);

    private static IEnumerable<TestCaseData> AskedCases() =>
        Asked.Select(quantities => new TestCaseData([quantities]).SetArgDisplayNames(string.Join(", ", quantities.AsEnumerable())));

    // Enough for either precision.
    private int Steps => precision == Precision.Single ? 80 : 400;

    private int FirstBrokenStep =>
        precision == Precision.Single ? ExplodingAdjoint.FirstBrokenStep<float>(Steps) : ExplodingAdjoint.FirstBrokenStep<double>(Steps);

    [TestCaseSource(nameof(Cases))]
    public void AdjointThatOverflows_NamesTheStepAndTheQuantities(Quantity[] quantities, HypergradientMethod method)
    {
        var exception = Diverges(ExplodingAdjoint.Run(Steps), quantities, method);
        Assert.That((exception.Step, exception.Quantities), Is.EqualTo((FirstBrokenStep, quantities)));
    }

    [TestCaseSource(nameof(AskedCases))]
    public void AdjointThatOverflows_InACoarseSweep_NamesTheQuantities(Quantity[] quantities) => Assert.That(
        Diverges(ExplodingAdjoint.Run(Steps), quantities, new DrMadMethod { ReverseSteps = Steps - 1 }).Quantities, Is.EqualTo(quantities));

    [Test]
    public void Training_OfTheSameRun_IsFinite()
    {
        var run = ExplodingAdjoint.Run(20);
        var result = Compute(run, [.. run.ToRaw().Quantities], new ReversibleMethod(), UnderTest);
        Assert.That(result.ValidationLoss, Is.InRange(0, 100));
        Assert.That(result.TrainingLosses, Is.All.Zero);
        Assert.That(result.Raw[Quantity.InitialWeights]!.Max(Math.Abs), Is.InRange(1e15, 1e30), "the adjoint grows");
    }

    [Test]
    public void Message_NamesTheRemedyOfThePrecision()
    {
        string grown = $"The hypergradient diverged by step {FirstBrokenStep} on the way back: ";
        string because = " not finite. Small changes of the run grow along it beyond ",
            remedy = "lower the learning rate, or train fewer steps.";
        string toDo = precision == Precision.Single ? $"single precision: compute in double precision, {remedy}"
            : $"double precision: {remedy}";
        string Message(params Quantity[] quantities) => Diverges(ExplodingAdjoint.Run(Steps), quantities, new StoredMethod()).Message;
        Assert.That(Message(Quantity.ExampleWeights), Is.EqualTo($"{grown}that of the example weights is{because}{toDo}"));
        Assert.That(Message(Quantity.LearningRate, Quantity.L2, Quantity.L1), Is.EqualTo(
            $"{grown}that of the learning rate, that of the L2 penalty, that of the L1 penalty are{because}{toDo}"));
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
            if (method == "PullBackDrifts" && ((Step)arguments[0]!).Number == 2)
                ((OptimizerAdjoint)arguments[1]!).Slots[0].Write([double.PositiveInfinity], replica: 1);
        });
        var exception = Assert.Throws<HypergradientDivergedException>(() => Hypergradient.Compute(
            run, new SmallRun(1, [3, 4, 2]).Validation, new StoredMethod(),
            new() { Backend = backend, Precision = precision, Quantities = [Quantity.L2] }))!;
        Assert.That(exception.Step, Is.EqualTo(2));
        Assert.That(exception.Quantities, Is.EqualTo(new[] { Quantity.L2 }));
    }

    [Test]
    public void SumThatOverflowsByItself_IsKnownAtTheEnd()
    {
        if (UnderTest != Backend.Managed)
            Assert.Ignore("The fault is written into the managed backend's memory.");
        var backend = Faulty((method, arguments, _) =>
        {
            if (method == "AddPenaltyTangent" && arguments[1] is IVector l2)
                l2.Write([double.NegativeInfinity], first: 3);
        });
        var exception = Diverges(new SmallRun(1, [3, 4, 2]), [Quantity.L2, Quantity.L1], new ReversibleMethod(), backend);
        Assert.That(exception.Step, Is.Zero);
        Assert.That(exception.Quantities, Is.EqualTo(new[] { Quantity.L2 }));
    }

    [Test]
    public void AdjointAlone_IsEnough([Values] bool asksForSchedules)
    {
        Quantity[] quantities = asksForSchedules ? [Quantity.LearningRate, Quantity.Momentum, Quantity.L2] : [Quantity.L2];
        if (UnderTest != Backend.Managed)
            Assert.Ignore("The fault is written into the managed backend's memory.");
        int additions = 0;
        var backend = Faulty((method, arguments, session) =>
        {
            if (method == "Add" && ++additions % session.Run.Steps == 0)
                ((IVector)arguments[1]!).Write([double.NaN], first: 7);
        });
        var exception = Diverges(new SmallRun(1, [3, 4, 2]), quantities, new StoredMethod(), backend);
        Assert.That(exception.Step, Is.Zero);
        Assert.That(exception.Quantities, Is.Empty);
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

    private HypergradientDivergedException Diverges(
        SmallRun run, Quantity[] quantities, HypergradientMethod method, IBackend? on = null) =>
        Assert.Throws<HypergradientDivergedException>(() => Compute(run, quantities, method, on ?? UnderTest))!;

    private Hypergradient Compute(SmallRun run, Quantity[] quantities, HypergradientMethod method, IBackend on) =>
        Hypergradient.Compute(
            run.ToRun(), run.Validation, method, new() { Backend = on, Precision = precision, Quantities = quantities });
}
