namespace Hypergrad.Cli.Reporting;

/// <summary>Images that share one colour scale.</summary>
/// <param name="Title">What they show, such as "L2 penalty per pixel".</param>
/// <param name="Quantity">The title of the colour bar with its unit, such as "L2 penalty λ".</param>
/// <param name="Palette">How values become colours.</param>
/// <param name="Images">The images, in the order of display.</param>
internal sealed record ImageGroup(string Title, string Quantity, ImagePalette Palette, IReadOnlyList<ReportImage> Images)
{
    /// <summary>Whether colours follow the logarithm of the values.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>
    /// The value in the middle of a diverging palette, such as the initial penalty; for logarithmic colours it must be positive.
    /// </summary>
    public double Centre { get; init; }

    /// <summary>
    /// The ends of the colour scale; null takes those of the values without outliers. Values outside get the colour of the end.
    /// </summary>
    public ValueRange? Range { get; init; }
}
