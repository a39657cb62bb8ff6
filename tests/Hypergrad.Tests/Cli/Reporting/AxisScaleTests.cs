using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class AxisScaleTests
{
    [Test]
    public void Position_OnALogarithmicScale_IsEvenPerDecade()
    {
        var scale = AxisScale.Logarithm(1e-4, 1);
        Assert.That(scale.Position(1e-4), Is.Zero);
        Assert.That(scale.Position(1e-3), Is.EqualTo(0.25).Within(1e-12));
        Assert.That(scale.Position(1), Is.EqualTo(1));
    }

    [Test]
    public void Position_OfWhatHasNoPlace_IsNaN()
    {
        var scale = AxisScale.Logarithm(1e-4, 1);
        foreach (double value in new[] { 0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            Assert.That(scale.Position(value), Is.NaN, $"{value}");
        Assert.That(AxisScale.Linear(0, 1).Position(-1), Is.EqualTo(-1));
    }

    [Test]
    public void Fit_PassesOverWhatCannotBeDrawn()
    {
        var scale = AxisScale.Fit([double.NaN, 2, double.PositiveInfinity, 3, 1e308], logarithmic: false);
        Assert.That((scale.Minimum, scale.Maximum), Is.EqualTo((1.95, 3.05)));
    }

    [Test]
    public void Fit_NearZero_ReachesZero() => Assert.That(AxisScale.Fit([0.1, 1], logarithmic: false).Minimum, Is.Zero);

    [TestCase(0)]
    [TestCase(0.1)]
    [TestCase(-3e9)]
    [TestCase(1e-12)]
    public void Fit_OfAConstant_PutsItInTheMiddle(double constant)
    {
        Assert.That(AxisScale.Fit([constant, constant], logarithmic: false).Position(constant), Is.EqualTo(0.5).Within(1e-6));
        if (constant > 0) Assert.That(AxisScale.Fit([constant], logarithmic: true).Position(constant), Is.EqualTo(0.5).Within(1e-6));
    }

    [Test]
    public void Fit_OfRoundingNoise_IsOfAConstant() =>
        Assert.That(AxisScale.Fit([0.1, 0.1 + 1e-16, 0.1 - 1e-16], logarithmic: false).Maximum, Is.GreaterThan(0.11));

    [Test]
    public void Fit_LogarithmWithoutPositiveValues_IsLinear()
    {
        var scale = AxisScale.Fit([-2, 0], logarithmic: true);
        Assert.That(scale.IsLogarithmic, Is.False);
        Assert.That(scale.Position(0), Is.InRange(0.5, 1));
    }

    [Test]
    public void Fit_LogarithmWithSomeZeros_HoldsThePositiveOnes()
    {
        var scale = AxisScale.Fit([0, 1e-300, 1e-3], logarithmic: true);
        Assert.That(scale.Minimum, Is.InRange(double.Epsilon, 1e-300));
        Assert.That(scale.Maximum, Is.GreaterThanOrEqualTo(1e-3).And.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void Fit_OfNothing_SaysSo() => Assert.That(AxisScale.Fit([double.NaN], logarithmic: true).IsEmpty, Is.True);
}
