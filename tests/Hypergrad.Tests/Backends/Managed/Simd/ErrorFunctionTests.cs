using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Tests.Hypergradients.Reference;

namespace Hypergrad.Tests.Backends.Managed.Simd;

[TestFixture]
public sealed class ErrorFunctionTests
{
    // Abramowitz and Stegun, table 7.1.
    [TestCase(0.0, 0.0)]
    [TestCase(0.1, 0.1124629160)]
    [TestCase(0.5, 0.5204998778)]
    [TestCase(1.0, 0.8427007929)]
    [TestCase(1.5, 0.9661051465)]
    [TestCase(2.0, 0.9953222650)]
    public void Erf_MeetsTheTable(double x, double erf)
    {
        Assert.That(ErrorFunction.Erf(Vector512.Create(x), out _)[3], Is.EqualTo(erf).Within(1e-10));
        Assert.That(ErrorFunction.Erf(Vector512.Create((float)-x), out _)[3], Is.EqualTo(-erf).Within(2e-7));
        Assert.That(ScalarFunctions.Erf(x), Is.EqualTo(erf).Within(1e-10), "the tests' own");
    }

    [Test]
    public void Erf_MeetsItsSeries_Everywhere()
    {
        using (Assert.EnterMultipleScope())
            for (double x = -8; x <= 8; x += 0.00371)
            {
                double expected = ScalarFunctions.Erf(x);
                Assert.That(ErrorFunction.Erf(Vector512.Create(x), out _)[0],
                    Is.EqualTo(expected).Within(2e-15 * Math.Max(Math.Abs(expected), 0.5)), $"{x}");
                Assert.That(ErrorFunction.Erf(Vector512.Create((float)x), out _)[0], Is.EqualTo(ScalarFunctions.Erf((float)x)).Within(2.5e-7),
                    $"{x}f");
            }
    }

    [Test]
    public void Erf_NearZero_LosesNothing()
    {
        foreach (double x in new[] { 1e-3, 1e-8, 1e-100, -1e-5 })
            Assert.That(ErrorFunction.Erf(Vector512.Create(x), out _)[0], Is.EqualTo(ScalarFunctions.Erf(x)).Within(1e-15 * Math.Abs(x)));
    }

    [TestCase(1e300, 1)]
    [TestCase(double.PositiveInfinity, 1)]
    [TestCase(double.NegativeInfinity, -1)]
    [TestCase(double.NaN, double.NaN)]
    public void Erf_AtTheEnds(double x, double erf)
    {
        Assert.That(ErrorFunction.Erf(Vector512.Create(x), out _)[0], Is.EqualTo(erf));
        Assert.That(ErrorFunction.Erf(Vector512.Create((float)x), out _)[0], Is.EqualTo(erf));
    }
}
