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

    /// <summary>Whether it is thin and pale, behind others: the values that another curve is a mean of.</summary>
    public bool IsFaint { get; init; }

    /// <summary>Whether its points are shown without a line between them.</summary>
    public bool IsDots { get; init; }

    /// <summary>The standard error of each value, drawn as a band; null for none.</summary>
    public IReadOnlyList<double>? StandardErrors { get; init; }

    /// <summary>The values themselves, faint, and their running mean, which has the name.</summary>
    /// <param name="reach">How many neighbours on each side the mean takes in; fewer at the ends.</param>
    /// <param name="isGeometric">Whether the mean is that of the logarithms.</param>
    public IEnumerable<Curve> WithRunningMean(int reach, bool isGeometric)
    {
        double Mean(int place)
        {
            double[] near = [.. Y.Skip(place - reach).Take(Math.Min(place, reach) + 1 + reach)];
            return isGeometric ? Math.Exp(near.Average(Math.Log)) : near.Average();
        }
        return [this with { Name = null, IsFaint = true }, this with { Y = [.. Enumerable.Range(0, Y.Count).Select(Mean)] }];
    }

    /// <summary>A curve over 0, 1, 2, ….</summary>
    public static Curve OverSteps(string? name, IReadOnlyList<double> values) =>
        new(name, [.. Enumerable.Range(0, values.Count).Select(step => (double)step)], values);
}
