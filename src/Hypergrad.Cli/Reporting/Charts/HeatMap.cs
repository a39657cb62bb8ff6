using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Shows a matrix as a field of colours, with as many names of its rows and columns as there is room for.</summary>
internal static class HeatMap
{
    private const double MostCellWidth = 56, MostCellHeight = 20, MostHeight = 640, MostNameWidth = 150;

    public static void WriteResponsive(MarkupWriter markup, HeatMapData data, ImagePalette palette, AxisScale scale)
    {
        Write(markup, ChartLayout.Wide, data, palette, scale);
        Write(markup, ChartLayout.Narrow, data, palette, scale);
    }

    private static void Write(MarkupWriter markup, ChartLayout layout, HeatMapData data, ImagePalette palette, AxisScale scale)
    {
        int rows = data.Rows.Count, columns = data.Columns.Count;
        double left = NameWidth(layout, data.Rows) + 8, columnNames = NameWidth(layout, data.Columns);
        double cellWidth = Math.Min(MostCellWidth, (layout.Width - left - 4) / columns);
        double cellHeight = Math.Min(MostCellHeight, MostHeight / rows);
        // Names that are wider than their columns stand upright.
        bool upright = columnNames > cellWidth - 2;
        double top = 1.6 * layout.FontSize + (upright ? columnNames : layout.FontSize) + 6, width = columns * cellWidth;
        double height = top + rows * cellHeight + 1.7 * layout.FontSize;
        using var svg = SvgDrawing.Open(markup, layout.StyleClass, layout.Width, height, layout.FontSize, data.Description);
        markup.TextElement("text", data.ColumnTitle, ("x", Px(left)), ("y", Px(layout.FontSize)), ("class", "axis-title"));
        double[] values = [.. data.Values.SelectMany(row => row)];
        SvgImage.Draw(markup, palette, onDark => ColourMap.Paint(palette, scale, values, onDark),
            columns, rows, left, top, width, rows * cellHeight);
        markup.EmptyElement("rect", ("x", Px(left)), ("y", Px(top)), ("width", Px(width)), ("height", Px(rows * cellHeight)),
            ("class", "frame"));
        DrawColumnNames(markup, layout, data.Columns, left, top, cellWidth, upright);
        DrawRowNames(markup, layout, data.Rows, left, top, cellHeight);
        for (int row = 0; row < data.Marks.Count && cellHeight >= 5; row++)
            DrawMark(markup, left + (data.Marks[row] + 0.5) * cellWidth, top + (row + 0.5) * cellHeight, Math.Min(3, cellHeight / 4));
        markup.TextElement("text", data.RowTitle, ("x", Px(left)), ("y", Px(height - 0.4 * layout.FontSize)), ("class", "values-title"));
    }

    private static void DrawColumnNames(
        MarkupWriter markup, ChartLayout layout, IReadOnlyList<string> names, double left, double top, double cellWidth, bool upright)
    {
        using var group = markup.Element("g", ("class", upright ? "axis" : "axis columns"));
        int stride = (int)Math.Ceiling(layout.FontSize / cellWidth);
        for (int column = 0; column < names.Count; column += upright ? stride : 1)
        {
            string x = Px(left + (column + 0.5) * cellWidth + (upright ? 0.35 * layout.FontSize : 0)), y = Px(top - 6);
            string name = Shortened(layout, names[column]);
            if (upright) markup.TextElement("text", name, ("transform", $"translate({x} {y}) rotate(-90)"));
            else markup.TextElement("text", name, ("x", x), ("y", y));
        }
    }

    // One name for neighbours of the same name, at their middle; others as far as there is room.
    private static void DrawRowNames(
        MarkupWriter markup, ChartLayout layout, IReadOnlyList<string> names, double left, double top, double cellHeight)
    {
        using var group = markup.Element("g", ("class", "axis rows"));
        double free = top;
        for (int row = 0, end; row < names.Count; row = end)
        {
            end = row + 1;
            while (end < names.Count && names[end] == names[row]) end++;
            double middle = top + (row + end) / 2.0 * cellHeight;
            if (middle - layout.FontSize / 2 < free - 0.5 * layout.FontSize) continue;
            markup.TextElement("text", Shortened(layout, names[row]), ("x", Px(left - 7)), ("y", Px(middle + 0.35 * layout.FontSize)));
            free = middle + layout.FontSize;
        }
    }

    private static void DrawMark(MarkupWriter markup, double x, double y, double radius) =>
        markup.EmptyElement("circle", ("cx", Px(x)), ("cy", Px(y)), ("r", Px(radius)), ("class", "class-mark"));

    private static double NameWidth(ChartLayout layout, IReadOnlyList<string> names) =>
        Math.Min(layout == ChartLayout.Wide ? MostNameWidth : 0.8 * MostNameWidth, layout.TextWidth(names.Max(name => name.Length)));

    private static string Shortened(ChartLayout layout, string name)
    {
        int most = Math.Max(2, (int)(NameWidth(layout, [name]) / layout.TextWidth(1) + 1e-9));
        return name.Length <= most ? name : string.Concat(name.AsSpan(0, most - 1), "…");
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
