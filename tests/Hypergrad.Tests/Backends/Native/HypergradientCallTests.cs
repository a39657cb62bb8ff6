using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.RunFormat;
using Hypergrad.Tests.Hypergradients;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>
/// The golden runs by the library's one call: the bits of the hypergradients that are computed here over its primitives, which meet the
/// golden results.
/// </summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NativeNames))]
public sealed class HypergradientCallTests(string backend) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] Methods = [new ReversibleMethod(), new CheckpointedMethod()];

    private static IEnumerable<TestCaseData> Cases() =>
        from name in GoldenRuns.Names
        from method in Methods
        where !(name.EndsWith("nesterov", StringComparison.Ordinal) && method is ReversibleMethod)
        from precision in Enum.GetValues<Precision>()
        select new TestCaseData(name, method, precision).SetArgDisplayNames(name, method.Name, precision.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Call_HasTheBitsOfTheSweepInThisLibrary(string name, HypergradientMethod method, Precision precision)
    {
        var (run, validation) = ExplicitRunReader.Read(GoldenRuns.Read(name));
        var expected = Hypergradient.Compute(
            run, validation, method, new() { Backend = UnderTest, Precision = precision, KeepFinalWeights = true });
        using var actual = new HypergradientCall(run.Lower(), validation, method);

        actual.Compute(precision, UnderTest.Name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.Result.validation_loss, Is.EqualTo(expected.ValidationLoss));
            Close.AssertSame(actual.FinalWeights, expected.FinalWeights![0], "final weights");
            Close.AssertSame(actual.TrainingLosses, expected.TrainingLosses, "training losses");
            Close.AssertSame(actual.Gradient, expected.Raw);
            Assert.That(actual.Result.adjoint_growth, Is.EqualTo(expected.AdjointGrowth.Factor));
            Assert.That(actual.Result.adjoint_growth_step, Is.EqualTo(expected.AdjointGrowth.Step));
            AssertReversal(actual, expected);
        }
    }

    private static void AssertReversal(HypergradientCall actual, Hypergradient expected)
    {
        var reversal = expected.Reversal;
        Assert.That(actual.Result.is_exact, Is.EqualTo(reversal is { Exact: true } ? 1 : 0));
        Assert.That(actual.Result.hashes_met, Is.EqualTo(reversal?.LandmarksMet ?? 0));
        Assert.That(actual.Result.bits_per_weight_step, Is.EqualTo(reversal?.BitsPerWeightStep ?? 0));
        Assert.That(actual.Result.resident_bits_per_weight, Is.EqualTo(reversal?.ResidentBitsPerWeight ?? 0));
        Assert.That(actual.Result.entropy_bits_per_weight_step, Is.EqualTo(reversal?.EntropyBitsPerWeightStep ?? 0).Within(1e-12).Percent);
    }
}
