using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// A bar for each bin of the values after tuning, and the outline of those before; where these are all alike, a line that marks them.
/// </summary>
internal static class Histogram
{
    public static void WriteResponsive(MarkupWriter markup, ValueDistribution distribution)
    {
        Write(markup, ChartLayout.Wide, distribution);
        Write(markup, ChartLayout.Narrow, distribution);
    }

    private static void Write(MarkupWriter markup, ChartLayout layout, ValueDistribution distribution)
    {
        const double height = 250;
        bool isSpread = distribution.Before.Count(count => count > 0) > 1;
        int highest = distribution.After.Concat(isSpread ? distribution.Before : []).Append(1).Max();
        var (low, high) = (distribution.Edges[0], distribution.Edges[^1]);
        var horizontal = distribution.Logarithmic ? AxisScale.Logarithm(low, high) : AxisScale.Linear(low, high);
        var vertical = AxisScale.Linear(0, highest * 1.08);
        var rows = Ticks.For(vertical, layout.VerticalTicks, integers: true);
        var frame = new PlotFrame(layout.TextWidth(rows.Max(tick => tick.Label.Length)) + 10, 1.9 * layout.FontSize,
            layout.Width - 10, height - 2.9 * layout.FontSize - 4, horizontal, vertical);
        using var svg = SvgDrawing.Open(markup, layout.StyleClass, layout.Width, height, layout.FontSize,
            $"{distribution.Title}: how many of the {distribution.Count} values lie where, before and after tuning");
        DrawAxes(markup, frame, layout, rows, AxisTitle.For(distribution.Quantity, "", horizontal), height);
        markup.TextElement("text", "values in a bin", ("x", "0"), ("y", Px(layout.FontSize)), ("class", "axis-title"));
        for (int bin = 0; bin < distribution.After.Count; bin++) DrawBar(markup, frame, distribution, bin);
        if (isSpread) DrawOutline(markup, frame, distribution);
        else DrawBefore(markup, frame, layout, distribution);
    }

    private static void DrawAxes(
        MarkupWriter markup, PlotFrame frame, ChartLayout layout, IReadOnlyList<Tick> rows, string title, double height)
    {
        using (markup.Element("g", ("class", "axis rows")))
        {
            foreach (var tick in rows)
            {
                double y = frame.Y(tick.Value);
                markup.EmptyElement("path", ("d", $"M{Px(frame.Left)} {Px(y)}H{Px(frame.Right)}"), ("class", "grid"));
                markup.TextElement("text", tick.Label, ("x", Px(frame.Left - 7)), ("y", Px(y + 0.35 * layout.FontSize)));
            }
        }
        using var axis = markup.Element("g", ("class", "axis columns"));
        markup.EmptyElement("path", ("d", $"M{Px(frame.Left)} {Px(frame.Bottom)}H{Px(frame.Right)}"), ("class", "base"));
        foreach (var tick in Ticks.For(frame.Horizontal, layout == ChartLayout.Wide ? 8 : 4))
        {
            double x = frame.X(tick.Value);
            markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Bottom)}v5"), ("class", "base"));
            markup.TextElement("text", tick.Label, ("x", Px(x)), ("y", Px(frame.Bottom + 7 + 0.9 * layout.FontSize)));
        }
        markup.TextElement("text", title, ("x", Px((frame.Left + frame.Right) / 2)), ("y", Px(height - 4)), ("class", "axis-title"));
    }

    private static void DrawBar(MarkupWriter markup, PlotFrame frame, ValueDistribution distribution, int bin)
    {
        if (distribution.After[bin] == 0) return;
        double left = frame.X(distribution.Edges[bin]), right = frame.X(distribution.Edges[bin + 1]);
        double top = frame.Y(distribution.After[bin]);
        using var bar = markup.Element("rect", ("x", Px(left + 0.5)), ("y", Px(top)), ("width", Px(Math.Max(0.5, right - left - 1))),
            ("height", Px(frame.Bottom - top)), ("class", "bar"));
        markup.TextElement("title", $"{Numbers.Significant(distribution.Edges[bin])} to "
            + $"{Numbers.Significant(distribution.Edges[bin + 1])}: {Numbers.Grouped(distribution.After[bin])}");
    }

    private static void DrawOutline(MarkupWriter markup, PlotFrame frame, ValueDistribution distribution)
    {
        var tops = distribution.Before.Select((count, bin) =>
            $"L{Px(frame.X(distribution.Edges[bin]))} {Px(frame.Y(count))}H{Px(frame.X(distribution.Edges[bin + 1]))}");
        markup.EmptyElement("path",
            ("d", $"M{Px(frame.Left)} {Px(frame.Bottom)}{string.Concat(tops)}V{Px(frame.Bottom)}"), ("class", "line before"));
    }

    private static void DrawBefore(MarkupWriter markup, PlotFrame frame, ChartLayout layout, ValueDistribution distribution)
    {
        if (distribution.Quantiles.Count == 0) return;
        double before = distribution.Quantiles[0].Before, x = frame.X(before);
        if (double.IsNaN(x)) return;
        bool isLeft = x > (frame.Left + frame.Right) / 2;
        markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Top)}V{Px(frame.Bottom)}"), ("class", "marked"));
        markup.TextElement("text", $"before: all {Numbers.Significant(before)}", ("x", Px(x + (isLeft ? -6 : 6))),
            ("y", Px(frame.Top + 0.4 * layout.FontSize)), ("class", isLeft ? "marked-name left" : "marked-name"));
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
