using System.Globalization;
using System.Net;
using System.Text;

namespace Hypergrad.Experiments.Pages;

/// <summary>Images under one colour scale, each with a name.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Caption">How they are read.</param>
/// <param name="Quantity">What a colour measures, and its unit.</param>
/// <param name="Scale">From values to colours.</param>
/// <param name="ImageWidth">Pixels in a row of an image.</param>
/// <param name="Images">The images, row by row from the top left.</param>
internal sealed record ImageGrid(
    string Title, string Caption, string Quantity, ColourScale Scale, int ImageWidth, IReadOnlyList<(string Name, double[] Values)> Images)
    : Picture(Title, Caption)
{
    private const int Gap = 10, BarHeight = 52, NameHeight = 20;

    /// <summary>Images in a row of a wide page; a narrow one has half as many.</summary>
    public int Columns { get; init; } = 10;

    /// <summary>Whether rows and columns of each image have numbers from 1: for matrices.</summary>
    public bool IsNumbered { get; init; }

    /// <inheritdoc/>
    public override string Draw(PictureWidth width)
    {
        var (total, columns) = width == PictureWidth.Wide ? (960, Columns) : (372, Math.Max(1, Columns / 2));
        int side = (total - Gap * (columns - 1)) / columns, rows = (Images.Count + columns - 1) / columns;
        int sideHeight = side * (Images[0].Values.Length / ImageWidth) / ImageWidth, rowHeight = sideHeight + NameHeight + Gap / 2;
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg viewBox=\"0 0 {total} {BarHeight + rows * rowHeight}\" xmlns=\"http://www.w3.org/2000/svg\">"));
        WriteBar(svg);
        for (int i = 0; i < Images.Count; i++)
            WriteImage(svg, Images[i], i % columns * (side + Gap), BarHeight + i / columns * rowHeight, side, sideHeight);
        for (int i = 0; IsNumbered && i < Images.Count; i++)
            WriteNumbers(svg, i % columns * (side + Gap), BarHeight + i / columns * rowHeight, side);
        return svg.Append("</svg>").ToString();
    }

    private void WriteImage(StringBuilder svg, (string Name, double[] Values) image, int x, int y, int width, int height)
    {
        svg.Append(Invariant($"<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" style=\"image-rendering: pixelated\" "));
        svg.Append(Invariant($"href=\"{Scale.Image(image.Values, ImageWidth)}\"/>"));
        WriteText(svg, image.Name, x + width / 2, y + height + 15, "middle");
    }

    // On the diagonal, which names both the row and the column.
    private void WriteNumbers(StringBuilder svg, int x, int y, int side)
    {
        double cell = (double)side / ImageWidth;
        for (int place = 0; place < ImageWidth; place++)
            svg.Append(Invariant($"<text x=\"{x + (place + 0.5) * cell:F1}\" y=\"{y + (place + 0.5) * cell + 4:F1}\" ")).Append(
                Invariant($"style=\"text-anchor: middle; font: 12px Arial, sans-serif; fill: #ffffff\">{place + 1}</text>"));
    }

    private void WriteBar(StringBuilder svg)
    {
        const int samples = 128, barWidth = 240;
        double[] values = [.. Enumerable.Range(0, samples).Select(i => Scale.Low + (Scale.High - Scale.Low) * i / (samples - 1))];
        WriteText(svg, Quantity, 0, 13, "start");
        svg.Append(Invariant($"<image x=\"0\" y=\"19\" width=\"{barWidth}\" height=\"10\" preserveAspectRatio=\"none\" "));
        svg.Append(Invariant($"href=\"{Scale.Image(values, samples)}\"/>"));
        WriteText(svg, "≤ " + Figures.Of(Scale.Low), 0, 43, "start");
        WriteText(svg, Figures.Of((Scale.Low + Scale.High) / 2), barWidth / 2, 43, "middle");
        WriteText(svg, "≥ " + Figures.Of(Scale.High), barWidth, 43, "end");
    }

    private static void WriteText(StringBuilder svg, string text, int x, int y, string anchor) => svg.Append(Invariant(
        $"<text x=\"{x}\" y=\"{y}\" style=\"text-anchor: {anchor}; font: 13px Arial, sans-serif; fill: var(--muted)\">"))
        .Append(WebUtility.HtmlEncode(text)).Append("</text>");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
