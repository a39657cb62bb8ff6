using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Whether a classification has classes of which there are few beside others.</summary>
public static class ClassImbalance
{
    // From here on a network that always says the most frequent class looks good without having learned anything.
    private const double Notable = 4;

    /// <summary>A sentence on it where the largest class has at least four times the examples of the smallest; else null.</summary>
    /// <param name="data">The examples; not looked at where they are no classification.</param>
    public static string? Describe(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.ClassNames is not { } names)
            return null;
        var counts = new int[data.TargetSize];
        for (int example = 0; example < data.Count; example++)
            counts[data.ClassOf(example)]++;
        int least = counts.Min(), most = counts.Max();
        if (most < Notable * least)
            return null;
        string rare = Quoted.Of(names[Array.IndexOf(counts, least)]), frequent = Quoted.Of(names[Array.IndexOf(counts, most)]);
        return FormattableString.Invariant(
            $"The classes are uneven: {rare} has {least} of {data.Count} examples, ")
            + FormattableString.Invariant($"{frequent} has {most} ({most / (double)data.Count:P1}).");
    }
}
