using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// One row per value: a hollow mark before, a filled one after, and the way between them. Unlike a bar it needs no baseline,
/// so it stays honest on a logarithmic axis.
/// </summary>
internal static class DumbbellChart
{
    private const double RowHeight = 26;

    public static void WriteResponsive(MarkupWriter markup, ValueChangeGroup group)
    {
        Write(markup, ChartLayout.Wide, group);
        Write(markup, ChartLayout.Narrow, group);
    }

    private static void Write(MarkupWriter markup, ChartLayout layout, ValueChangeGroup group)
    {
        const double top = 8;
        double bottom = top + RowHeight * group.Values.Count, height = bottom + 3 * layout.FontSize + 6;
        string[] readings = [.. group.Values.Select(v => $"{Numbers.Significant(v.Before)} → {Numbers.Significant(v.After)}")];
        double left = Math.Min(layout.TextWidth(group.Values.Max(v => v.Name.Length)) + 18, 0.35 * layout.Width);
        double right = layout.Width - layout.TextWidth(readings.Max(r => r.Length)) - 14;
        var scale = AxisScale.Fit(group.Values.SelectMany(v => (double[])[v.Before, v.After]), group.Logarithmic, air: 0.06);
        var frame = new PlotFrame(left, top, right, bottom, scale, AxisScale.Linear(0, 1));
        using var svg = SvgDrawing.Open(
            markup, layout.StyleClass, layout.Width, height, layout.FontSize, $"{group.Title}, before and after tuning");
        DrawAxis(markup, frame, layout, AxisTitle.For(group.Quantity, "", scale), height);
        for (int i = 0; i < group.Values.Count; i++)
            DrawRow(markup, frame, layout, group.Values[i], readings[i], top + (i + 0.5) * RowHeight);
    }

    private static void DrawAxis(MarkupWriter markup, PlotFrame frame, ChartLayout layout, string title, double height)
    {
        using var axis = markup.Element("g", ("class", "axis columns"));
        foreach (var tick in Ticks.For(frame.Horizontal, layout == ChartLayout.Wide ? 8 : 3))
        {
            double x = frame.X(tick.Value);
            markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Top)}V{Px(frame.Bottom)}"), ("class", "grid"));
            if (!frame.Horizontal.IsEmpty)
                markup.TextElement("text", tick.Label, ("x", Px(x)), ("y", Px(frame.Bottom + 3 + layout.FontSize)));
        }
        markup.EmptyElement("path", ("d", $"M{Px(frame.Left)} {Px(frame.Bottom)}H{Px(frame.Right)}"), ("class", "base"));
        markup.TextElement("text", title, ("x", Px((frame.Left + frame.Right) / 2)), ("y", Px(height - 4)), ("class", "axis-title"));
    }

    private static void DrawRow(MarkupWriter markup, PlotFrame frame, ChartLayout layout, ValueChange value, string reading, double y)
    {
        using var row = markup.Element("g", ("class", "row"));
        string baseline = Px(y + 0.35 * layout.FontSize);
        double room = frame.Left - 10;
        markup.TextElement("text", Shortened(value.Name, layout, room), ("x", Px(room)), ("y", baseline), ("class", "row-name"));
        markup.TextElement("text", reading, ("x", Px(layout.Width)), ("y", baseline), ("class", "row-value"));
        double before = frame.X(value.Before), after = frame.X(value.After);
        if (double.IsFinite(before) && double.IsFinite(after))
            markup.EmptyElement("path", ("d", $"M{Px(before)} {Px(y)}H{Px(after)}"), ("class", "way"));
        DrawMark(markup, before, y, "mark before");
        DrawMark(markup, after, y, "mark after");
    }

    private static void DrawMark(MarkupWriter markup, double x, double y, string styleClass)
    {
        if (double.IsFinite(x)) markup.EmptyElement("circle", ("cx", Px(x)), ("cy", Px(y)), ("r", "5"), ("class", styleClass));
    }

    /// <summary>The beginning of a name, as much as there is room for; the table below has it whole.</summary>
    private static string Shortened(string name, ChartLayout layout, double room)
    {
        int most = Math.Max(2, (int)(room / layout.TextWidth(1)));
        return name.Length <= most ? name : string.Concat(name.AsSpan(0, most - 1), "…");
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
