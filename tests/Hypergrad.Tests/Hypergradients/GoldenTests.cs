using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs.Explicit;
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
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(name, method, precision).SetArgDisplayNames(name, method.Name, precision.ToString());

    [Test]
    public void Files_AreThoseNamed() => Assert.That(
        Directory.GetFiles(GoldenRuns.Folder, "*.json").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(GoldenRuns.Names));

    [TestCaseSource(nameof(ExactCases))]
    public void ExactMethod_MeetsTheReference(string name, HypergradientMethod method, Precision precision)
    {
        var golden = GoldenRuns.Read(name);
        var expected = golden.GetProperty("expected");
        var result = Compute(golden, method, precision);
        double tolerance = Tolerance(precision);

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

    [Test]
    public void DrMad_MeetsTheReference([ValueSource(typeof(GoldenRuns), nameof(GoldenRuns.Names))] string name, [Values] Precision precision)
    {
        var golden = GoldenRuns.Read(name);
        AssertGradient(Compute(golden, new DrMadMethod(), precision).Raw, golden.GetProperty("expectedDrmad"), Tolerance(precision));
    }

    private static double Tolerance(Precision precision) => precision == Precision.Double ? 1e-6 : 2e-3;

    private Hypergradient Compute(JsonElement golden, HypergradientMethod method, Precision precision)
    {
        var (run, validation) = ExplicitRunReader.Read(golden);
        return Hypergradient.Compute(run, validation, method, new() { Backend = UnderTest, Precision = precision, KeepFinalWeights = true });
    }

    private static void AssertGradient(RawGradient actual, JsonElement expected, double tolerance) => Close.Assert(
        actual, RawGradient.Create(part => JsonNumbers.Of(expected.GetProperty("gradient").GetProperty(ExplicitResultWriter.NameOf(part)))), tolerance);
}
