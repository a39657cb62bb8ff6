using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Draws the colour scale that images share, with ticks.</summary>
internal static class ColourBar
{
    private const double Width = 340, Height = 60, Margin = 24, BarTop = 20, BarHeight = 12, FontSize = 12.5;
    private const int Samples = 256;

    public static void Write(MarkupWriter markup, string quantity, ImagePalette palette, AxisScale scale)
    {
        using var svg = SvgDrawing.Open(markup, "colour-bar", Width, Height, FontSize, $"Colour scale: {quantity}");
        var frame = new PlotFrame(Margin, BarTop, Width - Margin, BarTop + BarHeight, scale, AxisScale.Linear(0, 1));
        markup.TextElement("text", AxisTitle.For(quantity, "", scale),
            ("x", Px(Margin)), ("y", Px(FontSize)), ("class", "axis-title"));
        double[] places = [.. Enumerable.Range(0, Samples).Select(i => i / (Samples - 1.0))];
        SvgImage.Draw(markup, palette, onDark => ColourMap.Paint(palette, AxisScale.Linear(0, 1), places, onDark),
            Samples, 1, Margin, BarTop, Width - 2 * Margin, BarHeight);
        markup.EmptyElement("rect", ("x", Px(Margin)), ("y", Px(BarTop)), ("width", Px(Width - 2 * Margin)), ("height", Px(BarHeight)),
            ("class", "frame"));
        using var axis = markup.Element("g", ("class", "axis columns"));
        foreach (var tick in Ticks.For(scale, 5))
        {
            double x = frame.X(tick.Value);
            markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Bottom)}v5"), ("class", "base"));
            markup.TextElement("text", tick.Label, ("x", Px(x)), ("y", Px(frame.Bottom + 6 + FontSize)));
        }
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
