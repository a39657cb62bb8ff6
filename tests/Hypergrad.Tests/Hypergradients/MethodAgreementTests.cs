using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Tests.Backends;
using Hypergrad.Tests.Hypergradients.Reference;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>The methods against each other: the same sweep over the same states gives the same numbers.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class MethodAgreementTests(string backend) : BackendUnderTest(backend)
{
    private const int Steps = 13;

    private static SmallRun[] Runs() =>
    [
        new(1, [4, 5, 3], steps: Steps),
        new(2, [4, 9, 8, 2], Activation.Gelu, Loss.Squared, Steps, learningRates: Sharing.Unit, momenta: Sharing.Unit),
        // Two are enough where they are tried again for every mutant.
#if !MUTATION
        new(3, [2, 3, 2], Activation.Relu, Loss.SoftmaxCrossEntropy, Steps, learningRates: Sharing.All, momenta: Sharing.Layer),
        new(4, [3, 17, 2], Activation.Softplus, Loss.Squared, Steps, examples: 40, largestBatch: 30),
#endif
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from run in Runs()
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(run, precision).SetArgDisplayNames($"{run.Network}", run.Activation.ToString(), precision.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Checkpointed_IsStored_BitForBit(object small, Precision precision)
    {
        var stored = Compute(small, new StoredMethod(), precision);
        foreach (int? snapshots in (int?[])[1, 2, 3, 7, Steps, 100, null])
            AssertSame(Compute(small, new CheckpointedMethod { Snapshots = snapshots }, precision), stored);
    }

    [TestCaseSource(nameof(Cases))]
    public void Checkpointed_WithinAMemoryBudget_IsStored_BitForBit(object small, Precision precision)
    {
        long snapshot = 2L * ((SmallRun)small).Network.ParameterCount * (precision == Precision.Single ? 4 : 8);
        var stored = Compute(small, new StoredMethod(), precision);
        foreach (long budget in new[] { snapshot, 2 * snapshot + 1, 6 * snapshot, 1L << 40 })
            AssertSame(Compute(small, new CheckpointedMethod { MemoryBudget = budget }, precision), stored);
    }

    [TestCaseSource(nameof(Cases))]
    public void Checkpointed_OfAMomentumOfZero_IsStored_BitForBit(object small, Precision precision)
    {
        var run = (SmallRun)small;
        run.Momentum[0] = run.Momentum[^1] = 0;
        AssertSame(Compute(run, new CheckpointedMethod(), precision), Compute(run, new StoredMethod(), precision));
    }

    [TestCaseSource(nameof(Cases))]
    public void Reversible_IsStored_ToRounding(object small, Precision precision)
    {
        var stored = Compute(small, new StoredMethod(), precision);
        foreach (int? every in (int?[])[1, 2, 5, Steps, 100, null])
        {
            var reversible = Compute(small, new ReversibleMethod { VerifyEvery = every }, precision);
            Close.Assert(reversible.Raw, stored.Raw, precision == Precision.Double ? 1e-9 : 2e-4);
            Assert.That(reversible.Reversal!.Exact, Is.True);
        }
    }

    // Knots at 0, 4, 9 and 13; blocks of one, of one or two, and of three or four steps.
    [TestCaseSource(nameof(Cases))]
    public void DrMad_InAnyReverseSteps_MeetsThePlainLoops(object small, Precision precision)
    {
        foreach (var (knots, at) in new[] { (2, new[] { 0, Steps }), (4, new[] { 0, 4, 9, Steps }) })
            foreach (int? reverseSteps in (int?[])[null, Steps, 8, 4, 1])
            {
                var result = Compute(small, new DrMadMethod { Knots = knots, ReverseSteps = reverseSteps }, precision);
                Close.Assert(
                    result.Raw, ShortcutReference.Of((SmallRun)small, at, reverseSteps ?? Steps),
                    precision == Precision.Double ? 1e-10 : 2e-4);
            }
    }

    [TestCaseSource(nameof(Cases))]
    public void DrMad_ReportsTheLossesOfTheTraining_NotThoseAlongTheLine(object small, Precision precision)
    {
        var stored = Compute(small, new StoredMethod(), precision);
        foreach (var method in (HypergradientMethod[])[new DrMadMethod(), new DrMadMethod { ReverseSteps = 4 }])
        {
            var result = Compute(small, method, precision);
            AssertSameTraining(result, stored);
        }
    }

    [Test]
    public void DrMad_ThroughAllStates_MeasuresItselfExact()
    {
        var run = Runs()[0];
        var result = Hypergradient.Compute(
            run.ToRun(), run.Validation, new DrMadMethod { Knots = Steps + 1 },
            new() { Backend = UnderTest, Precision = Precision.Double, MeasureAccuracy = true });
        Assert.That(result.Accuracy.Select(accuracy => accuracy.Quantity), Is.EqualTo(run.ToRaw().Quantities));
        Assert.That(result.Accuracy.Select(accuracy => accuracy.Cosine), Is.All.EqualTo(1).Within(1e-12));
        Assert.That(result.Accuracy.Select(accuracy => accuracy.RelativeError), Is.All.InRange(0, 1e-11));
    }

    [Test]
    public void Accuracy_OfAnExactMethod_IsNotMeasured()
    {
        var run = Runs()[0];
        Assert.That(Hypergradient.Compute(run.ToRun(), run.Validation, new StoredMethod(),
            new() { Backend = UnderTest, MeasureAccuracy = true }).Accuracy, Is.Empty);
    }

    // A smooth problem, trained slowly by all its examples, hardly bends away from its line.
    [TestCase(40, 2)]
    [TestCase(20, 2)]
    [TestCase(8, 2)]
    [TestCase(5, 2)]
    [TestCase(8, 5)]
    public void DrMad_InFewerReverseSteps_KeepsTheDirection(int reverseSteps, int knots)
    {
        var run = new SmallRun(6, [4, 5, 3], steps: 40);
        run.Batches = [.. run.Batches.Select(_ => new[] { 0, 1, 2, 3, 4, 5 })];
        run.LearningRate = [.. run.LearningRate.Select(rate => 0.1 * rate)];
        run.Momentum = [.. run.Momentum.Select(_ => 0.5)];
        Quantity[] quantities =
            [Quantity.InitialWeights, Quantity.InitialVelocity, Quantity.L2, Quantity.L1, Quantity.Inputs, Quantity.Targets];
        var method = new DrMadMethod { ReverseSteps = reverseSteps, Knots = knots };
        var result = Hypergradient.Compute(run.ToRun(), run.Validation, method,
            new() { Backend = UnderTest, Precision = Precision.Double, MeasureAccuracy = true });
        using (Assert.EnterMultipleScope())
            foreach (var accuracy in result.Accuracy.Where(accuracy => quantities.Contains(accuracy.Quantity)))
            {
                Assert.That(accuracy.Cosine, Is.GreaterThan(0.97), accuracy.Quantity.ToString());
                // The size is right too: a reverse step stands for its whole share of the training.
                Assert.That(accuracy.RelativeError, Is.InRange(0, 0.25), accuracy.Quantity.ToString());
            }
    }

    [Test]
    public void Quantities_NotAskedFor_AreNotThere_AndChangeNothing()
    {
        var run = Runs()[1];
        var all = Compute(run, new ReversibleMethod(), Precision.Double);
        Assert.That(all.Raw.Quantities, Is.EqualTo(run.ToRaw().Quantities));
        foreach (var quantity in all.Raw.Quantities)
        {
            var one = Hypergradient.Exact(
                run.ToRun(), run.Validation, new() { Backend = UnderTest, Precision = Precision.Double, Quantities = [quantity] });
            foreach (var other in Quantity.All)
                Assert.That(one.Raw[other], other == quantity ? Is.EqualTo(all.Raw[quantity]) : Is.Null);
        }
    }

    private Hypergradient Compute(object small, HypergradientMethod method, Precision precision)
    {
        var run = (SmallRun)small;
        return Hypergradient.Compute(run.ToRun(), run.Validation, method,
            new() { Backend = UnderTest, Precision = precision, KeepFinalWeights = true });
    }

    private static void AssertSame(Hypergradient actual, Hypergradient expected)
    {
        AssertSameTraining(actual, expected);
        Close.AssertSame(actual.Raw, expected.Raw);
    }

    private static void AssertSameTraining(Hypergradient actual, Hypergradient expected)
    {
        Close.AssertSame([actual.ValidationLoss], [expected.ValidationLoss], "validation loss");
        Close.AssertSame(actual.TrainingLosses, expected.TrainingLosses, "training losses");
        Close.AssertSame(actual.FinalWeights![0], expected.FinalWeights![0], "final weights");
    }
}
