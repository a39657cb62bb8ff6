namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// The size of a drawing. Each chart is drawn once for wide pages and once for narrow ones, so that its text is never scaled to nothing.
/// </summary>
/// <param name="StyleClass">The class of the style sheet that shows it on pages of its width.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="FontSize">Size of tick labels in pixels.</param>
/// <param name="HorizontalTicks">Ticks there is room for on the x axis.</param>
/// <param name="VerticalTicks">Ticks there is room for on the y axis.</param>
/// <param name="Readouts">The largest number of places that show their values under the pointer.</param>
internal sealed record ChartLayout(
    string StyleClass, double Width, double Height, double FontSize, int HorizontalTicks, int VerticalTicks, int Readouts)
{
    public static ChartLayout Wide { get; } = new("wide", 980, 330, 13, 11, 6, 200);

    public static ChartLayout Narrow { get; } = new("narrow", 400, 290, 12.5, 5, 5, 60);

    /// <summary>One of several small drawings side by side.</summary>
    public static ChartLayout Panel { get; } = new("panel", 212, 152, 11, 4, 4, 50);

    /// <summary>Whether curves carry their names at their right end.</summary>
    public bool LabelsDirectly => this == Wide;

    /// <summary>A width no text of this many characters exceeds in a usual sans-serif face.</summary>
    public double TextWidth(int characters) => 0.6 * FontSize * characters;
}
