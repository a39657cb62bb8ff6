using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class NumbersTests
{
    [TestCase(0, "0")]
    [TestCase(0.18734, "0.1873")]
    [TestCase(-12.3456, "-12.35")]
    [TestCase(12345.6, "12346")]
    [TestCase(1.23456e-6, "1.235e-6")]
    [TestCase(2e9, "2e9")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.NegativeInfinity, "-∞")]
    public void Significant(double value, string text) => Assert.That(Numbers.Significant(value), Is.EqualTo(text));

    [TestCase(0.178123, 0.0083, "0.1781 ± 0.0083")]
    [TestCase(18.42, 0.6, "18.42 ± 0.60")]
    [TestCase(1234.6, 20, "1235 ± 20")]
    [TestCase(1e9, 2e7, "1e9 ± 2e7")]
    [TestCase(0.5, null, "0.5")]
    [TestCase(0.5, double.NaN, "0.5")]
    public void WithError(double value, double? error, string text) => Assert.That(Numbers.WithError(new(value, error)), Is.EqualTo(text));

    [TestCase(0.4, 0.1, "−75 %")]
    [TestCase(1, 1.025, "+2.5 %")]
    [TestCase(1, 500, "×500")]
    [TestCase(0, 1, null)]
    [TestCase(double.NaN, 1, null)]
    public void Change(double before, double after, string? text) => Assert.That(Numbers.Change(before, after), Is.EqualTo(text));
}
