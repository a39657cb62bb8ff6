using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Writes the name of each curve at its right end, moved apart where ends lie close together.</summary>
internal static class DirectLabels
{
    public static void Draw(MarkupWriter markup, PlotFrame frame, IReadOnlyList<ChartSeries> series, double lineHeight)
    {
        var ends = series.Select(s => (Series: s, Y: LastHeight(frame, s)))
            .Where(end => double.IsFinite(end.Y)).OrderBy(end => end.Y).ToList();
        var heights = Spread([.. ends.Select(end => end.Y)], lineHeight, frame.Top, frame.Bottom);
        for (int i = 0; i < ends.Count; i++)
        {
            markup.TextElement("text", ends[i].Series.Name, ("x", Numbers.Coordinate(frame.Right + 12)),
                ("y", Numbers.Coordinate(heights[i] + 0.3 * lineHeight)), ("class", "name " + ends[i].Series.StyleClass));
        }
    }

    /// <summary>Ascending places as near to the wanted ones as a least distance and two limits allow.</summary>
    public static double[] Spread(double[] wanted, double distance, double lowest, double highest)
    {
        double[] places = [.. wanted];
        for (int i = 0; i < places.Length; i++) places[i] = Math.Max(places[i], i == 0 ? lowest : places[i - 1] + distance);
        // What was pushed beyond the end comes back, and takes along those it meets.
        for (int i = places.Length - 1; i >= 0; i--)
            places[i] = Math.Min(places[i], i == places.Length - 1 ? highest : places[i + 1] - distance);
        return places;
    }

    private static double LastHeight(PlotFrame frame, ChartSeries series)
    {
        for (int i = series.Y.Count - 1; i >= 0; i--)
            if (double.IsFinite(frame.Y(series.Y[i]))) return frame.Y(series.Y[i]);
        return double.NaN;
    }
}
