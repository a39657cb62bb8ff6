namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Quantiles of many series at each step, for drawings in which single curves would not be told apart.</summary>
internal static class Quantiles
{
    /// <summary>The quantile of the finite values, interpolated linearly between neighbours; NaN without any.</summary>
    /// <param name="values">Any numbers in any order.</param>
    /// <param name="order">From 0, the lowest value, to 1, the highest.</param>
    public static double Of(IEnumerable<double> values, double order)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (sorted.Length == 0) return double.NaN;
        double place = order * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>One quantile at every step; series that have ended no longer count.</summary>
    public static double[] PerStep(IReadOnlyList<IReadOnlyList<double>> series, double order)
    {
        int steps = series.Select(s => s.Count).DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(0, steps).Select(t => Of(series.Where(s => t < s.Count).Select(s => s[t]), order))];
    }
}
