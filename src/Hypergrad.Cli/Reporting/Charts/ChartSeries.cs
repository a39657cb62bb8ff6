namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>A curve. A y that is not finite leaves a gap.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="X">Ascending places on the x axis.</param>
/// <param name="Y">One value per place.</param>
internal sealed record ChartSeries(string Name, SeriesStyle Style, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>The standard error of each value, drawn as a band; null when there is none.</summary>
    public IReadOnlyList<double>? StandardErrors { get; init; }

    /// <summary>Whether the lowest point wears a ring.</summary>
    public bool MarksLowest { get; init; }

    /// <summary>Whether the values stand for themselves: dots without a line between them.</summary>
    public bool IsUnconnected { get; init; }

    public string StyleClass => StyleClassOf(Style);

    public static string StyleClassOf(SeriesStyle style) => style.ToString().ToLowerInvariant();

    /// <summary>A curve over the steps 0, 1, 2 and so on.</summary>
    public static ChartSeries OverSteps(string name, SeriesStyle style, IReadOnlyList<double> values) =>
        new(name, style, [.. Enumerable.Range(0, values.Count).Select(i => (double)i)], values);
}
