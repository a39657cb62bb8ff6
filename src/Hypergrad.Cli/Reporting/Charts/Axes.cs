using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Draws the two axes of a chart: titles with units, round ticks, and a grid.</summary>
internal static class Axes
{
    /// <summary>Makes room for titles, tick labels and, where curves are named directly, their names; then draws the axes.</summary>
    public static PlotFrame Draw(MarkupWriter markup, ChartLayout layout, LineChartData data)
    {
        AxisScale horizontal = data.HorizontalScale(), vertical = data.VerticalScale();
        var rows = Ticks.For(vertical, layout.VerticalTicks);
        bool isPanel = layout == ChartLayout.Panel;
        double names = layout.LabelsDirectly ? layout.TextWidth(data.Series.Select(s => s.Name.Length).DefaultIfEmpty(0).Max()) + 20 : 10;
        double top = isPanel ? 24 : layout.LabelsDirectly ? 30 : 44;
        var frame = new PlotFrame(
            Left: layout.TextWidth(rows.Select(t => t.Label.Length).DefaultIfEmpty(1).Max()) + 10,
            Top: top,
            Right: layout.Width - names,
            Bottom: layout.Height - 2.9 * layout.FontSize - 4,
            horizontal,
            vertical);
        DrawRows(markup, frame, rows, layout);
        DrawColumns(markup, frame, layout, data.XTitle);
        string title = AxisTitle.For(data.Quantity, data.Unit, vertical);
        if (!isPanel) markup.TextElement("text", title, ("x", "0"), ("y", Px(layout.FontSize)), ("class", "axis-title"));
        return frame;
    }

    private static void DrawRows(MarkupWriter markup, PlotFrame frame, IReadOnlyList<Tick> ticks, ChartLayout layout)
    {
        using var group = markup.Element("g", ("class", "axis rows"));
        foreach (var tick in ticks)
        {
            double y = frame.Y(tick.Value);
            markup.EmptyElement("path", ("d", $"M{Px(frame.Left)} {Px(y)}H{Px(frame.Right)}"), ("class", "grid"));
            if (!frame.Vertical.IsEmpty)
                markup.TextElement("text", tick.Label, ("x", Px(frame.Left - 7)), ("y", Px(y + 0.35 * layout.FontSize)));
        }
    }

    private static void DrawColumns(MarkupWriter markup, PlotFrame frame, ChartLayout layout, string title)
    {
        using var group = markup.Element("g", ("class", "axis columns"));
        markup.EmptyElement("path", ("d", $"M{Px(frame.Left)} {Px(frame.Bottom)}H{Px(frame.Right)}"), ("class", "base"));
        foreach (var tick in Ticks.For(frame.Horizontal, layout.HorizontalTicks, integers: true))
        {
            double x = frame.X(tick.Value);
            markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Bottom)}v5"), ("class", "base"));
            markup.TextElement("text", tick.Label, ("x", Px(x)), ("y", Px(frame.Bottom + 7 + 0.9 * layout.FontSize)));
        }
        markup.TextElement("text", title, ("x", Px((frame.Left + frame.Right) / 2)), ("y", Px(layout.Height - 4)), ("class", "axis-title"));
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
