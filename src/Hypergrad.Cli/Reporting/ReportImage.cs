namespace Hypergrad.Cli.Reporting;

/// <summary>
/// Values that belong to the pixels of an image, row by row from the top left; a value that is not finite stays transparent.
/// </summary>
internal sealed record ReportImage
{
    public ReportImage(string caption, int width, int height, double[] values, double[]? before = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Require(values, nameof(values));
        if (before is not null) Require(before, nameof(before));
        (Caption, Width, Height, Values, Before) = (caption, width, height, values, before);

        void Require(double[] pixels, string argument)
        {
            if (pixels.Length != width * height)
                throw new ArgumentException($"The image '{caption}' is {width} × {height} but has {pixels.Length} values.", argument);
        }
    }

    public string Caption { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The values after tuning.</summary>
    public double[] Values { get; }

    /// <summary>The values before tuning, drawn to the left of the others; null to draw only one image.</summary>
    public double[]? Before { get; }
}
