namespace Hypergrad.Experiments.Pages;

/// <summary>A curve of a chart. A value that is not finite leaves a gap.</summary>
/// <param name="Name">Its name in the legend; null for one that needs none.</param>
/// <param name="X">Ascending places.</param>
/// <param name="Y">One value for each place.</param>
internal sealed record Curve(string? Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Its colour, from 1 to 6; 0 for the next one.</summary>
    public int Colour { get; init; }

    /// <summary>Whether it is dashed: what was before, or a rule of thumb.</summary>
    public bool IsDashed { get; init; }

    /// <summary>Whether its points are shown without a line between them.</summary>
    public bool IsDots { get; init; }

    /// <summary>The standard error of each value, drawn as a band; null for none.</summary>
    public IReadOnlyList<double>? StandardErrors { get; init; }

    /// <summary>A curve over 0, 1, 2, ….</summary>
    public static Curve OverSteps(string? name, IReadOnlyList<double> values) =>
        new(name, [.. Enumerable.Range(0, values.Count).Select(step => (double)step)], values);
}
