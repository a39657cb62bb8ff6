namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// Turns a place between 0 and 1 into a colour. The colours are the same in light and dark pages, but for the diverging ones: their middle,
/// which says that nothing happened, would glare on a dark page, and fades into it instead.
/// </summary>
internal static class ColourMap
{
    // A place this near an end is on it.
    private const double Rounding = 1e-9;

    private static readonly (int Red, int Green, int Blue)[] Grayscale = [(0, 0, 0), (255, 255, 255)];

    private static readonly (int Red, int Green, int Blue)[] Sequential =
        [(24, 17, 56), (58, 48, 128), (38, 104, 150), (26, 152, 136), (112, 190, 84), (214, 214, 66), (253, 246, 178)];

    // Lighter than all around it on a light page, darker on a dark one.
    private static readonly (int Red, int Green, int Blue)[] Diverging =
        [(9, 47, 94), (36, 108, 170), (124, 178, 218), (230, 229, 225), (241, 170, 112), (203, 92, 36), (112, 34, 10)];

    private static readonly (int Red, int Green, int Blue)[] DivergingOnDark =
        [(188, 222, 252), (104, 170, 230), (52, 98, 144), (42, 47, 53), (142, 78, 38), (230, 132, 64), (255, 204, 152)];

    /// <summary>The colour at a place, which is held between 0 and 1.</summary>
    /// <param name="palette">Any but <see cref="ImagePalette.Colours"/>, whose values are colours already.</param>
    /// <param name="place">From 0, the low end of the scale, to 1.</param>
    /// <param name="onDark">Whether it is for a dark page.</param>
    public static (byte Red, byte Green, byte Blue) Colour(ImagePalette palette, double place, bool onDark = false)
    {
        var stops = palette switch
        {
            ImagePalette.Grayscale => Grayscale,
            ImagePalette.Sequential => Sequential,
            _ => onDark ? DivergingOnDark : Diverging,
        };
        double scaled = Math.Clamp(place, 0, 1) * (stops.Length - 1);
        int lower = Math.Min((int)scaled, stops.Length - 2);
        double share = scaled - lower;
        var (from, to) = (stops[lower], stops[lower + 1]);
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));

        byte Mix(int a, int b) => (byte)Math.Round(a + share * (b - a));
    }

    /// <summary>Red, green, blue and opacity of every value; a value without a place on the scale is transparent.</summary>
    public static byte[] Paint(ImagePalette palette, AxisScale scale, ReadOnlySpan<double> values, bool onDark = false)
    {
        if (palette == ImagePalette.Colours) return PaintColours(scale, values);
        var pixels = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            double place = scale.Position(values[i]);
            if (double.IsNaN(place)) continue;
            var (red, green, blue) = Colour(palette, place, onDark);
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (red, green, blue, 255);
        }
        return pixels;
    }

    /// <summary>Whether a palette has other colours on dark pages.</summary>
    public static bool DependsOnPage(ImagePalette palette) => palette == ImagePalette.Diverging;

    private static byte[] PaintColours(AxisScale scale, ReadOnlySpan<double> values)
    {
        var pixels = new byte[values.Length / 3 * 4];
        for (int i = 0; i < values.Length; i++)
        {
            double place = scale.Position(values[i]);
            pixels[i / 3 * 4 + i % 3] = (byte)Math.Round(255 * Math.Clamp(double.IsNaN(place) ? 0 : place, 0, 1));
            pixels[i / 3 * 4 + 3] = 255;
        }
        return pixels;
    }

    /// <summary>
    /// The scale of a group of images: the range it asks for, or its values without outliers; about its centre when the palette diverges.
    /// </summary>
    public static AxisScale ScaleOf(ImageGroup group)
    {
        if (group.Range is { } range)
            return group.Logarithmic ? AxisScale.Logarithm(range.Low, range.High) : AxisScale.Linear(range.Low, range.High);
        double[] values = RobustRange.Of(group.Images.SelectMany(ValuesOf), group.Logarithmic);
        if (group.Palette != ImagePalette.Diverging) return AxisScale.Fit(values, group.Logarithmic, air: 0);
        var fitted = AxisScale.Fit(values.Append(group.Centre), group.Logarithmic, air: 0);
        if (fitted.IsLogarithmic && group.Centre > 0)
        {
            double factor = Math.Max(fitted.Maximum / group.Centre, group.Centre / fitted.Minimum);
            return AxisScale.Logarithm(group.Centre / factor, group.Centre * factor);
        }
        double reach = Math.Max(Math.Abs(fitted.Maximum - group.Centre), Math.Abs(group.Centre - fitted.Minimum));
        return AxisScale.Linear(group.Centre - reach, group.Centre + reach);
    }

    /// <summary>How many values of a group lie beyond the ends of a scale, and so have the colour of the end.</summary>
    public static int CountBeyond(ImageGroup group, AxisScale scale) =>
        group.Images.SelectMany(ValuesOf).Select(scale.Position).Count(place => place is < -Rounding or > 1 + Rounding);

    private static IEnumerable<double> ValuesOf(ReportImage image) => image.Values.Concat(image.Before ?? []);
}
