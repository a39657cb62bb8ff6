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
    public void Thinning_KeepsPeaksTroughsGapsAndEnds()
    {
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => Math.Sin(i))];
        (values[777], values[50_001], values[99_998]) = (9, -9, double.NaN);
        int[] kept = Thinning.Keep(values);
        Assert.That(kept, Is.Ordered.And.Length.LessThan(2100));
        Assert.That(kept, Is.SupersetOf(new[] { 0, 777, 50_001, 99_998, 99_999 }));
        Assert.That(Thinning.Keep(values[..700]), Has.Length.EqualTo(700));
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
