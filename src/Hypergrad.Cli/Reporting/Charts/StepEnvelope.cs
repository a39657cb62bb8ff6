namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// Condenses curves of more steps than a drawing has room for, which would be solid blocks: of each stretch of steps it keeps the median as
/// a line, and the middle half and all of the values as bands.
/// </summary>
internal static class StepEnvelope
{
    /// <summary>Curves of at most this many points are drawn as they are.</summary>
    public const int MostPoints = 600;

    /// <summary>Into how many stretches a chart of the page's width is cut, and a small one.</summary>
    public const int Stretches = 120, FewStretches = 40;

    /// <summary>How many steps each point of a drawing stands for: 1 where nothing is condensed.</summary>
    public static int StrideOf(LineChartData data, int stretches = Stretches) =>
        StrideOf(data.Series.Select(series => series.Y.Count).DefaultIfEmpty(0).Max(), stretches);

    /// <summary>The chart with its long curves condensed; one without long curves as it is.</summary>
    public static LineChartData Condense(LineChartData data, int stretches = Stretches)
    {
        int stride = StrideOf(data, stretches);
        if (stride == 1) return data;
        ChartBand[] given = [.. data.Bands.Select(band => Condense(band, stride))];
        // Bands that were given, as quantiles of many schedules, say what is to be said.
        var own = given.Length > 0 ? [] : data.Series.Where(series => !series.IsUnconnected).SelectMany(series => BandsOf(series, stride));
        return data with { Series = [.. data.Series.Select(series => CondenseBy(series, stride))], Bands = [.. given, .. own] };
    }

    /// <summary>The medians of a curve's stretches; a short curve as it is.</summary>
    public static ChartSeries Condense(ChartSeries series, int stretches) => CondenseBy(series, StrideOf(series.Y.Count, stretches));

    private static int StrideOf(int points, int stretches) => points <= MostPoints ? 1 : (points + stretches - 1) / stretches;

    private static ChartSeries CondenseBy(ChartSeries series, int stride)
    {
        if (stride == 1 || series.IsUnconnected) return series;
        return series with
        {
            X = Middles(series.X, stride),
            Y = OverStretches(series.Y, stride, 0.5),
            StandardErrors = series.StandardErrors is { } errors ? OverStretches(errors, stride, 0.5) : null,
        };
    }

    private static IEnumerable<ChartBand> BandsOf(ChartSeries series, int stride)
    {
        double[] x = Middles(series.X, stride);
        foreach (var (low, high) in new[] { (0.0, 1.0), (0.25, 0.75) })
            yield return new(series.Style, x, OverStretches(series.Y, stride, low), OverStretches(series.Y, stride, high));
    }

    private static ChartBand Condense(ChartBand band, int stride) => new(
        band.Style, Middles(band.X, stride), OverStretches(band.Lower, stride, 0), OverStretches(band.Upper, stride, 1));

    private static double[] Middles(IReadOnlyList<double> x, int stride) =>
        [.. Starts(x.Count, stride).Select(start => x[(start + Math.Min(start + stride, x.Count) - 1) / 2])];

    private static double[] OverStretches(IReadOnlyList<double> values, int stride, double order) =>
        [.. Starts(values.Count, stride).Select(start => Quantiles.Of(values.Skip(start).Take(stride), order))];

    private static IEnumerable<int> Starts(int count, int stride)
    {
        for (int start = 0; start < count; start += stride)
            yield return start;
    }
}
