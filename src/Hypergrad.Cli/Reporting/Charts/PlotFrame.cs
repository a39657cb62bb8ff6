namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>The rectangle of a chart in which values are drawn, in pixels, with its two scales.</summary>
internal sealed record PlotFrame(double Left, double Top, double Right, double Bottom, AxisScale Horizontal, AxisScale Vertical)
{
    /// <summary>The x in pixels of a place on the x axis.</summary>
    public double X(double value) => Left + Horizontal.Position(value) * (Right - Left);

    /// <summary>The y in pixels of a value; NaN when it cannot be drawn.</summary>
    public double Y(double value) => Bottom - Vertical.Position(value) * (Bottom - Top);

    /// <summary>The y in pixels of a value, held inside the frame: a zero on a logarithmic axis lies at its lower edge.</summary>
    public double ClampedY(double value)
    {
        double y = Y(value);
        return double.IsNaN(y) ? double.IsNaN(value) ? double.NaN : value > 0 ? Top : Bottom : Math.Clamp(y, Top, Bottom);
    }
}
