using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Opens an inline SVG drawing that scales with the page and says what it shows to readers who cannot see it.</summary>
internal static class SvgDrawing
{
    public static MarkupWriter.OpenElement Open(
        MarkupWriter markup, string styleClass, double width, double height, double fontSize, string description)
    {
        markup.NewLine();
        return markup.Element("svg", ("class", "chart " + styleClass),
            ("viewBox", $"0 0 {Numbers.Coordinate(width)} {Numbers.Coordinate(height)}"),
            ("font-size", Numbers.Coordinate(fontSize)), ("role", "img"), ("aria-label", description));
    }
}
