using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.RunFormat;
using Hypergrad.Tests.Backends;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Whole hypergradients against the golden runs.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class GoldenTests(string backend) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] ExactMethods =
        [new ReversibleMethod { VerifyEvery = 1 }, new CheckpointedMethod(), new StoredMethod()];

    private static IEnumerable<TestCaseData> ExactCases() =>
        from name in GoldenRuns.Names
        from method in ExactMethods
        where !(IsNesterov(name) && method is ReversibleMethod)
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(name, method, precision).SetArgDisplayNames(name, method.Name, precision.ToString());

    private static IEnumerable<string> ReversibleCases() => GoldenRuns.Names.Where(name => !IsNesterov(name));

    private static IEnumerable<string> WithShortcut() =>
        GoldenRuns.Names.Where(name => GoldenRuns.Read(name).TryGetProperty("expectedDrmad", out _));

    [Test]
    public void Files_AreThoseNamed()
    {
        static IEnumerable<string?> In(string folder) => Directory.GetFiles(folder, "*.json").Select(Path.GetFileNameWithoutExtension);
        Assert.That(In(GoldenRuns.Folder), Is.EquivalentTo(GoldenRuns.Format1));
        Assert.That(In(Path.Combine(GoldenRuns.Folder, "Format2")), Is.EquivalentTo(GoldenRuns.Format2));
        Assert.That(WithShortcut().Count(), Is.EqualTo(GoldenRuns.Format1.Length + 2));
    }

    [TestCaseSource(nameof(ExactCases))]
    public void ExactMethod_MeetsTheReference(string name, HypergradientMethod method, Precision precision)
    {
        var golden = GoldenRuns.Read(name);
        var expected = golden.GetProperty("expected");
        var result = Compute(golden, method, precision);
        double tolerance = method is ReversibleMethod && IsAdamW(name) && precision == Precision.Double ? 1e-4 : Tolerance(name, precision);

        using (Assert.EnterMultipleScope())
        {
            Close.Assert(result.ValidationLoss, expected.GetProperty("validationLoss").GetDouble(), tolerance / 100, "validationLoss");
            Close.Assert(result.FinalWeights![0], JsonNumbers.Of(expected.GetProperty("finalWeights")), tolerance, "finalWeights");
            Close.Assert(result.TrainingLosses, JsonNumbers.Of(expected.GetProperty("trainingLosses")), tolerance, "trainingLosses");
            AssertGradient(result.Raw, expected, tolerance);
            if (method is ReversibleMethod)
                Assert.That(result.Reversal, Is.Not.Null.And.Property("Exact").True);
        }
    }

    [TestCaseSource(nameof(ReversibleCases))]
    public void MemoryGivenForTime_ChangesNoBit(string name)
    {
        var golden = GoldenRuns.Read(name);
        var plain = Compute(golden, new ReversibleMethod(), Precision.Single);
        foreach (long budget in new[] { 0, 50_000, 1L << 40 })
        {
            var result = Compute(golden, new ReversibleMethod { MemoryBudget = budget }, Precision.Single);
            Close.AssertSame(result.Raw, plain.Raw);
            Close.AssertSame(result.TrainingLosses, plain.TrainingLosses, "training losses");
            Assert.That(result.Reversal, Is.EqualTo(plain.Reversal).And.Property("Exact").True);
        }
    }

    [Test]
    public void Nesterov_IsNotReversed_AndTheReasonIsGiven() => Refusals.Configuration(
        () => Compute(GoldenRuns.Read(GoldenRuns.Names.Single(IsNesterov)), new ReversibleMethod(), Precision.Double),
        "The optimizer nesterov cannot be reversed: its step reads the gradient where it moves the weights, so that undoing it would mean "
        + "solving for them. Use the stored or the checkpointed method.");

    [Test]
    public void DrMad_MeetsTheReference([ValueSource(nameof(WithShortcut))] string name, [Values] Precision precision)
    {
        var golden = GoldenRuns.Read(name);
        AssertGradient(Compute(golden, new DrMadMethod(), precision).Raw, golden.GetProperty("expectedDrmad"), Tolerance(name, precision));
    }

    [Test]
    public void DrMad_OfAnotherOptimizerThanMomentum_IsRefused([Values("nesterov", "mlp-adam")] string name) => Assert.That(
        () => Compute(GoldenRuns.Read($"Format2/{name}"), new DrMadMethod(), Precision.Double),
        Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(
            "DrMAD takes the velocity for the slope of the weights' path, which is so for the optimizer momentum alone; this run has "));

    private static bool IsNesterov(string name) => OptimizerOf(name) == "nesterov";

    private static bool IsAdamW(string name) => OptimizerOf(name) == "adamw";

    private static string OptimizerOf(string name) =>
        GoldenRuns.Read(name).TryGetProperty("optimizer", out var optimizer) ? optimizer.GetProperty("name").GetString()! : "momentum";

    private static double Tolerance(string name, Precision precision) =>
        precision == Precision.Double ? 1e-6 : GoldenRuns.Format1.Contains(name) ? 2e-3 : 5e-3;

    private Hypergradient Compute(JsonElement golden, HypergradientMethod method, Precision precision)
    {
        var (run, validation) = ExplicitRunReader.Read(golden);
        return Hypergradient.Compute(run, validation, method,
            new() { Backend = UnderTest, Precision = precision, KeepFinalWeights = true });
    }

    // The files have one derivative for what is one number at all steps and weights.
    private static void AssertGradient(RawGradient actual, JsonElement expected, double tolerance)
    {
        var gradient = expected.GetProperty("gradient");
        Assert.That(actual.Quantities.Select(quantity => quantity.Spelling),
            Is.EquivalentTo(gradient.EnumerateObject().Select(field => field.Name)));
        foreach (var quantity in actual.Quantities)
            if (gradient.GetProperty(quantity.Spelling) is { ValueKind: JsonValueKind.Number } number)
                Close.Assert(actual[quantity]!.Sum(), number.GetDouble(), tolerance, quantity.Name);
            else
                Close.Assert(actual[quantity], JsonNumbers.Of(gradient.GetProperty(quantity.Spelling)), tolerance, quantity.Name);
    }
}
