using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class TicksTests
{
    private static string Labels(AxisScale scale, int wanted, bool integers = false) =>
        string.Join(" ", Ticks.For(scale, wanted, integers).Select(tick => tick.Label));

    [TestCase(0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0")]
    [TestCase(0.03, 0.31, 6, "0.05 0.10 0.15 0.20 0.25 0.30")]
    [TestCase(-2.5, 2.5, 5, "−2 −1 0 1 2")]
    [TestCase(0, 99, 11, "0 10 20 30 40 50 60 70 80 90")]
    [TestCase(0, 2e-9, 4, "0 5×10⁻¹⁰ 1.0×10⁻⁹ 1.5×10⁻⁹ 2.0×10⁻⁹")]
    [TestCase(0, 3e12, 3, "0 1×10¹² 2×10¹² 3×10¹²")]
    [TestCase(1000.001, 1000.0042, 4, "1000.001 1000.002 1000.003 1000.004")]
    public void Linear(double minimum, double maximum, int wanted, string labels) =>
        Assert.That(Labels(AxisScale.Linear(minimum, maximum), wanted), Is.EqualTo(labels));

    [TestCase(1e-4, 1, 5, "10⁻⁴ 0.001 0.01 0.1 1")]
    [TestCase(0.03, 3, 6, "0.05 0.1 0.2 0.5 1 2")]
    [TestCase(0.02, 3, 5, "0.03 0.1 0.3 1 3")]
    [TestCase(1e-9, 1e15, 5, "10⁻⁵ 1 10⁵ 10¹⁰ 10¹⁵")]
    [TestCase(2e-7, 9e-7, 7, "2×10⁻⁷ 3×10⁻⁷ 4×10⁻⁷ 5×10⁻⁷ 6×10⁻⁷ 7×10⁻⁷ 8×10⁻⁷ 9×10⁻⁷")]
    public void Logarithmic(double minimum, double maximum, int wanted, string labels) =>
        Assert.That(Labels(AxisScale.Logarithm(minimum, maximum), wanted), Is.EqualTo(labels));

    [Test]
    public void OfSteps_AreWholeNumbers() => Assert.That(Labels(AxisScale.Linear(0, 2), 11, integers: true), Is.EqualTo("0 1 2"));

    [Test]
    public void AlwaysLieOnTheAxisAndAreFew()
    {
        foreach (double magnitude in new[] { 1e-300, 1e-12, 0.37, 1, 12345.6, 1e80, 1e299 })
            foreach (double ratio in new[] { 1.001, 1.5, 4, 30, 1e5, 1e40 })
                foreach (bool logarithmic in new[] { false, true })
                {
                    var scale = AxisScale.Fit([magnitude / ratio, magnitude], logarithmic);
                    var ticks = Ticks.For(scale, 6);
                    string what = $"{magnitude} / {ratio}, logarithmic {logarithmic}";
                    Assert.That(ticks, Has.Count.InRange(1, 13), what);
                    double[] positions = [.. ticks.Select(t => scale.Position(t.Value))];
                    Assert.That(positions, Is.All.InRange(-1e-6, 1 + 1e-6), what);
                    Assert.That(positions, Is.Ordered, what);
                    Assert.That(ticks.Select(t => t.Label), Is.Unique, what);
                }
    }
}
