namespace Hypergrad.Hyperparameters;

/// <summary>The raw table of a schedule: one number per step and group of weights.</summary>
public sealed class ScheduleTable
{
    private readonly double[] values;

    /// <summary>Makes a table from an array that it takes over.</summary>
    /// <param name="grouping">Which weights share a column.</param>
    /// <param name="values">[steps × groups], row-major.</param>
    /// <param name="name">Its quantity, for error messages: "learning rate".</param>
    /// <exception cref="ConfigurationException">
    /// No steps, numbers that do not divide into steps, or a sharing that a schedule cannot have.
    /// </exception>
    public ScheduleTable(WeightGrouping grouping, double[] values, string name)
    {
        ArgumentNullException.ThrowIfNull(grouping);
        ArgumentNullException.ThrowIfNull(values);
        if (grouping.Sharing is Sharing.Input or Sharing.Weight)
            throw new ConfigurationException(
                $"A {name} schedule cannot be shared by {grouping.Sharing}; choose All, Layer, Tensor or Unit.");
        if (values.Length == 0)
            throw new ConfigurationException($"The {name} schedule has no steps; training needs at least 1.");
        if (values.Length % grouping.Count != 0)
            throw new ConfigurationException(
                $"The {name} schedule has {values.Length} numbers, which do not divide into steps of {grouping.Count} groups.");
        Grouping = grouping;
        this.values = values;
    }

    /// <summary>Which weights share a column.</summary>
    public WeightGrouping Grouping { get; }

    /// <summary>How many steps.</summary>
    public int Steps => values.Length / Grouping.Count;

    /// <summary>The numbers of one step, [groups].</summary>
    public ReadOnlySpan<double> Row(int step) => values.AsSpan(step * Grouping.Count, Grouping.Count);

    /// <summary>All numbers, [steps × groups], row-major.</summary>
    public ReadOnlySpan<double> Values => values;
}
