using Hypergrad.Cli.Reporting.Charts;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class CurvePathTests
{
    /// <summary>Ten pixels per step to the right, a hundred per unit upwards.</summary>
    private static readonly PlotFrame Frame = new(0, 0, 100, 100, AxisScale.Linear(0, 10), AxisScale.Linear(0, 1));

    private static readonly PlotFrame LogarithmicFrame = Frame with { Vertical = AxisScale.Logarithm(0.01, 1) };

    private static readonly double[] Steps = [0, 1, 2, 3, 4];

    [Test]
    public void Line_JoinsNeighbours() => Assert.That(CurvePath.Line(Frame, [0, 1, 2], [0, 0.5, 1]), Is.EqualTo("M0 100L10 50L20 0"));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Line_BreaksWhereAValueIsNotFinite(double gap) =>
        Assert.That(CurvePath.Line(Frame, Steps, [0, 0.5, gap, 0.5, 0]), Is.EqualTo("M0 100L10 50M30 50L40 100"));

    [Test]
    public void Line_OfAPointAlone_IsADot() =>
        Assert.That(CurvePath.Line(Frame, Steps, [double.NaN, 0.5, double.NaN, double.NaN, 1]), Is.EqualTo("M10 50h0M40 0h0"));

    [Test]
    public void Line_OfAZeroOnALogarithmicAxis_IsAGap() =>
        Assert.That(CurvePath.Line(LogarithmicFrame, [0, 1, 2, 3], [0.01, 0.1, 0, 1]), Is.EqualTo("M0 100L10 50M30 0h0"));

    [Test]
    public void Line_OfNothing_IsEmpty() => Assert.That(CurvePath.Line(Frame, [0], [double.NaN]), Is.Empty);

    [Test]
    public void Band_GoesThereAboveAndBackBelow() =>
        Assert.That(CurvePath.Band(Frame, [0, 1], [0, 0.25], [0.5, 0.75]), Is.EqualTo("M0 50L10 25L10 75L0 100Z"));

    [Test]
    public void Band_BelowALogarithmicAxis_EndsAtItsEdge() =>
        Assert.That(CurvePath.Band(LogarithmicFrame, [0, 1], [-1, 0], [0.1, 1]), Is.EqualTo("M0 50L10 0L10 100L0 100Z"));

    [Test]
    public void Band_OverOneStep_HasAWidth() =>
        Assert.That(CurvePath.Band(Frame, [5], [0.25], [0.75]), Is.EqualTo("M48 25L48 75L52 75L52 25Z"));

    [Test]
    public void Envelope_OfALongCurve_KeepsPeaksAndTroughsAsABand_AndGaps()
    {
        double[] values = [.. Enumerable.Range(0, 10_000).Select(i => Math.Sin(i))];
        (values[777], values[5_001]) = (9, -9);
        Array.Fill(values, double.NaN, 9_000, 200);
        LineChartData data = new("", "step", "value", false, [ChartSeries.OverSteps("a", SeriesStyle.After, values)]);
        var condensed = StepEnvelope.Condense(data);
        Assert.That(StepEnvelope.StrideOf(data), Is.EqualTo(84));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(condensed.Series[0].Y, Has.Count.EqualTo(120));
            Assert.That(condensed.Series[0].X[0], Is.EqualTo(41));
            Assert.That(condensed.Series[0].Y[1], Is.EqualTo(0).Within(0.1), "the median");
            Assert.That(condensed.Bands[0].Upper.Where(double.IsFinite).Max(), Is.EqualTo(9));
            Assert.That(condensed.Bands[0].Lower.Where(double.IsFinite).Min(), Is.EqualTo(-9));
            Assert.That(condensed.Bands[1].Upper[1], Is.EqualTo(Math.Sqrt(0.5)).Within(0.1), "the upper quartile of a sine");
            Assert.That(condensed.Series[0].Y.Count(double.IsNaN), Is.InRange(1, 3));
        }
        LineChartData small = new("", "step", "value", false, [ChartSeries.OverSteps("a", SeriesStyle.After, values[..600])]);
        Assert.That(StepEnvelope.Condense(small), Is.SameAs(small));
    }

    [Test]
    public void Labels_KeepTheirDistanceInsideTheFrame()
    {
        Assert.That(DirectLabels.Spread([10, 12, 60], 15, 0, 100), Is.EqualTo(new double[] { 10, 25, 60 }));
        Assert.That(DirectLabels.Spread([90, 95, 99], 15, 0, 100), Is.EqualTo(new double[] { 70, 85, 100 }));
    }

    [Test]
    public void Quantiles_InterpolateAndPassOverWhatIsNotFinite()
    {
        Assert.That(Quantiles.Of([4, 1, double.NaN, 3, 2], 0.5), Is.EqualTo(2.5));
        Assert.That(Quantiles.Of([double.NaN], 0.5), Is.NaN);
        Assert.That(Quantiles.PerStep([[1, 5], [3]], 1), Is.EqualTo(new double[] { 3, 5 }));
    }
}
