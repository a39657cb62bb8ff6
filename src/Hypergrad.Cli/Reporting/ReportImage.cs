namespace Hypergrad.Cli.Reporting;

/// <summary>
/// Values that belong to the pixels of an image, row by row from the top left; a value that is not finite stays transparent. A pixel has
/// one value, or its red, green and blue side by side.
/// </summary>
internal sealed record ReportImage
{
    public ReportImage(string caption, int width, int height, double[] values, double[]? before = null, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Require(values, nameof(values));
        if (before is not null) Require(before, nameof(before));
        (Caption, Width, Height, Values, Before, Channels) = (caption, width, height, values, before, channels);

        void Require(double[] pixels, string argument)
        {
            if (pixels.Length != width * height * channels)
                throw new ArgumentException(
                    $"The image '{caption}' of {width} × {height} pixels and {channels} values each has {pixels.Length} values.", argument);
        }
    }

    public string Caption { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The values after tuning.</summary>
    public double[] Values { get; }

    /// <summary>Values of a pixel: 1, or 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>The values before tuning, drawn to the left of the others; null to draw only one image.</summary>
    public double[]? Before { get; }
}
