using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Draws pixels as a part of an SVG drawing, in the colours of the page's background.</summary>
internal static class SvgImage
{
    /// <param name="markup">Where to write.</param>
    /// <param name="palette">How values become colours.</param>
    /// <param name="paint">Makes the pixels, <paramref name="columns"/> × <paramref name="rows"/>, for a light or for a dark page.</param>
    /// <param name="columns">Pixels in a row.</param>
    /// <param name="rows">Rows of pixels.</param>
    /// <param name="x">The left edge in the drawing.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">The width in the drawing.</param>
    /// <param name="height">The height.</param>
    public static void Draw(MarkupWriter markup, ImagePalette palette, Func<bool, byte[]> paint,
        int columns, int rows, double x, double y, double width, double height)
    {
        if (!ColourMap.DependsOnPage(palette))
        {
            Draw("pixels", paint(false));
            return;
        }
        Draw("pixels on-light", paint(false));
        Draw("pixels on-dark", paint(true));

        void Draw(string styleClass, byte[] pixels) => markup.EmptyElement("image",
            ("x", Numbers.Coordinate(x)), ("y", Numbers.Coordinate(y)),
            ("width", Numbers.Coordinate(width)), ("height", Numbers.Coordinate(height)),
            ("preserveAspectRatio", "none"), ("class", styleClass), ("href", Png.DataUri(columns, rows, pixels)));
    }
}
