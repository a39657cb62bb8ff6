using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs.Explicit;
using Hypergrad.Tests.Backends;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>Whole hypergradients against reference runs that an independent float64 implementation differentiated.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(Names))]
public sealed class GoldenTests(string backend) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] ExactMethods = [new ReversibleMethod { VerifyEvery = 1 }, new CheckpointedMethod(), new StoredMethod()];

    private static IEnumerable<TestCaseData> ExactCases() =>
        from file in Files()
        from method in ExactMethods
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(file, method, precision).SetArgDisplayNames(Path.GetFileNameWithoutExtension(file), method.Name, precision.ToString());

    private static IEnumerable<TestCaseData> DrMadCases() =>
        from file in Files()
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(file, new DrMadMethod(), precision).SetArgDisplayNames(Path.GetFileNameWithoutExtension(file), "drmad", precision.ToString());

    [TestCaseSource(nameof(ExactCases))]
    public void ExactMethod_MeetsTheReference(string file, HypergradientMethod method, Precision precision)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var expected = document.RootElement.GetProperty("expected");
        var result = Compute(document.RootElement, method, precision);
        double tolerance = precision == Precision.Double ? 1e-6 : 2e-3;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ValidationLoss, Is.EqualTo(expected.GetProperty("validationLoss").GetDouble()).Within(tolerance).Percent);
            AssertClose("finalWeights", result.FinalWeights![0], expected, tolerance);
            AssertClose("trainingLosses", result.TrainingLosses, expected, tolerance);
            AssertGradient(result.Raw, expected.GetProperty("gradient"), tolerance);
            if (method is ReversibleMethod)
                Assert.That(result.Reversal, Is.Not.Null.And.Property("Exact").True);
        }
    }

    [TestCaseSource(nameof(DrMadCases))]
    public void DrMad_MeetsTheReference(string file, HypergradientMethod method, Precision precision)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var result = Compute(document.RootElement, method, precision);
        using (Assert.EnterMultipleScope())
            AssertGradient(result.Raw, document.RootElement.GetProperty("expectedDrmad").GetProperty("gradient"), precision == Precision.Double ? 1e-6 : 2e-3);
    }

    private static string[] Files() => SharedFolder.Path is { } shared ? Directory.GetFiles(Path.Combine(shared, "golden"), "*.json") : [];

    private Hypergradient Compute(JsonElement root, HypergradientMethod method, Precision precision)
    {
        var (run, validation) = ExplicitRunReader.Read(root);
        return Hypergradient.Compute(run, validation, method, new() { Backend = UnderTest, Precision = precision, KeepFinalWeights = true });
    }

    private static void AssertGradient(RawGradient actual, JsonElement expected, double tolerance)
    {
        foreach (var part in Enum.GetValues<RawParts>().Where(part => int.PopCount((int)part) == 1))
            AssertClose(ExplicitResultWriter.NameOf(part), actual[part]!, expected, tolerance);
    }

    private static void AssertClose(string name, double[] actual, JsonElement parent, double tolerance)
    {
        double[] expected = [.. Flatten(parent.GetProperty(name))];
        double scale = expected.Max(Math.Abs);
        double error = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.That(actual, Has.Length.EqualTo(expected.Length), name);
        Assert.That(error, Is.LessThanOrEqualTo(tolerance * scale), $"{name}: largest error {error:G3}, largest entry {scale:G3}, relative {error / scale:G3}");
    }

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
