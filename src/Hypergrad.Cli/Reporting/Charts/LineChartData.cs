namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>What a line chart shows, whatever its size.</summary>
/// <param name="Description">A sentence for readers who cannot see the drawing.</param>
/// <param name="XTitle">Title of the x axis, such as "training step"; it counts in whole numbers.</param>
/// <param name="Quantity">What the y axis measures.</param>
/// <param name="Logarithmic">Whether the y axis is to be logarithmic; without positive values it stays linear.</param>
/// <param name="Series">The curves, the most important last so that it lies on top.</param>
internal sealed record LineChartData(
    string Description, string XTitle, string Quantity, bool Logarithmic, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>The unit of the y axis; empty when it has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Shaded regions behind the curves.</summary>
    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    /// <summary>A place on the x axis to be marked; null for none.</summary>
    public MarkedPlace? Marked { get; init; }

    public AxisScale HorizontalScale()
    {
        double first = Series.SelectMany(s => s.X).DefaultIfEmpty(0).Min(), last = Series.SelectMany(s => s.X).DefaultIfEmpty(1).Max();
        // A single step gets room on both sides; a run of steps fills the width.
        return first == last ? AxisScale.Linear(first - 0.5, last + 0.5) : AxisScale.Linear(first, last);
    }

    public AxisScale VerticalScale() => AxisScale.Fit(
        Series.SelectMany(WithErrors).Concat(Bands.SelectMany(b => b.Lower.Concat(b.Upper))), Logarithmic);

    private static IEnumerable<double> WithErrors(ChartSeries series) => series.StandardErrors is not { } errors
        ? series.Y
        : series.Y.Concat(series.Y.Zip(errors, (y, e) => y + e)).Concat(series.Y.Zip(errors, (y, e) => y - e).Where(low => low > 0));
}
