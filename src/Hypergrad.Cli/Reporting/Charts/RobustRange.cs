namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// Keeps a few extreme values from flattening all others: where the lowest and the highest hundredth stretch the range far beyond the
/// rest, the range is that of the rest.
/// </summary>
internal static class RobustRange
{
    /// <summary>The share of the values left out at each end, at most.</summary>
    private const double Tail = 0.01;

    /// <summary>From how many times the span of the rest the extremes count as outliers.</summary>
    private const double Stretch = 3;

    /// <summary>Fewer values have no hundredth to leave out.</summary>
    private const int FewestValues = 100;

    /// <summary>The values without their outliers, or all of them where there are none.</summary>
    /// <param name="values">Any numbers; those that cannot be drawn are left out.</param>
    /// <param name="logarithmic">Whether spans are ratios; values that are not positive are then left out too.</param>
    public static double[] Of(IEnumerable<double> values, bool logarithmic)
    {
        double[] drawable = [.. values.Where(value => double.IsFinite(value) && (!logarithmic || value > 0))];
        if (drawable.Length < FewestValues)
            return drawable;
        double low = Quantiles.Of(drawable, Tail), high = Quantiles.Of(drawable, 1 - Tail);
        double rest = Span(low, high);
        return rest > 0 && Span(drawable.Min(), drawable.Max()) > Stretch * rest
            ? [.. drawable.Where(value => low <= value && value <= high)]
            : drawable;

        double Span(double from, double to) => logarithmic ? Math.Log(to) - Math.Log(from) : to - from;
    }
}
