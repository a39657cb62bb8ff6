using OxyPlot;

namespace Hypergrad.Experiments.Pages;

/// <summary>
/// From values to colours: blue below the middle, near white at it, brown above. Its ends are quantiles, so that a few outliers do not
/// flatten everything else.
/// </summary>
/// <param name="Low">The value of the first colour, and of all below.</param>
/// <param name="High">The value of the last colour, and of all above.</param>
internal sealed record ColourScale(double Low, double High)
{
    private static readonly OxyPalette Palette = OxyPalette.Interpolate(
        256, OxyColor.FromRgb(9, 47, 94), OxyColor.FromRgb(36, 108, 170), OxyColor.FromRgb(124, 178, 218), OxyColor.FromRgb(244, 242, 238),
        OxyColor.FromRgb(241, 170, 112), OxyColor.FromRgb(203, 92, 36), OxyColor.FromRgb(112, 34, 10));

    /// <summary>A scale about a middle that holds all values but the outermost two in a hundred.</summary>
    public static ColourScale About(double middle, IEnumerable<double> values)
    {
        double[] distances = [.. values.Select(value => Math.Abs(value - middle)).Where(double.IsFinite).Order()];
        double reach = distances.Length == 0 ? 1 : distances[(int)(0.98 * (distances.Length - 1))];
        return new(middle - (reach > 0 ? reach : 1), middle + (reach > 0 ? reach : 1));
    }

    /// <summary>The colour of a value.</summary>
    public OxyColor this[double value] =>
        Palette.Colors[double.IsNaN(value) ? 128 : (int)Math.Clamp(Math.Round(255 * (value - Low) / (High - Low)), 0, 255)];

    /// <summary>An image as a data address.</summary>
    /// <param name="values">Row by row from the top left.</param>
    /// <param name="width">Pixels in a row.</param>
    public string Image(IReadOnlyList<double> values, int width)
    {
        var pixels = new OxyColor[width, values.Count / width];
        for (int i = 0; i < values.Count; i++)
            pixels[i % width, i / width] = this[values[i]];
        return "data:image/png;base64," + Convert.ToBase64String(OxyImage.Create(pixels, ImageFormat.Png).GetData());
    }
}
