namespace Hypergrad.Hyperparameters;

/// <summary>The raw coefficients of an L2 or L1 penalty: one number per group of weights.</summary>
public sealed class PenaltyTable
{
    private readonly double[] values;

    /// <summary>Makes a table from an array that it takes over.</summary>
    /// <param name="grouping">Which weights share a coefficient.</param>
    /// <param name="values">[groups].</param>
    /// <param name="name">"L2" or "L1", for error messages.</param>
    /// <exception cref="ConfigurationException">Another count than there are groups, or a number that is not finite.</exception>
    public PenaltyTable(WeightGrouping grouping, double[] values, string name)
    {
        ArgumentNullException.ThrowIfNull(grouping);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != grouping.Count)
            throw new ConfigurationException(
                $"The {name} penalty has {values.Length} coefficients for {grouping.Count} groups of weights.");
        for (int group = 0; group < values.Length; group++)
            if (!double.IsFinite(values[group]))
                throw new ConfigurationException($"The {name} penalty of {grouping.NameOf(group)} is {values[group]}; it must be finite.");
        Grouping = grouping;
        this.values = values;
    }

    /// <summary>Which weights share a coefficient.</summary>
    public WeightGrouping Grouping { get; }

    /// <summary>The coefficients, [groups].</summary>
    public ReadOnlySpan<double> Values => values;
}
