namespace Hypergrad.Hyperparameters;

/// <summary>The raw table of a schedule: one number per step and group of weights.</summary>
public sealed class ScheduleTable
{
    private readonly double[] values;

    /// <summary>Makes a table from an array that it takes over.</summary>
    /// <param name="grouping">Which weights share a column.</param>
    /// <param name="values">[steps × groups], row-major.</param>
    /// <param name="name">"learning rate" or "momentum", for error messages.</param>
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

    /// <summary>Refuses momenta that no step can be undone by.</summary>
    /// <exception cref="ConfigurationException">A momentum is 0; the message names step and group, and the remedy.</exception>
    public void RequireReversible()
    {
        int zero = values.IndexOf(0);
        if (zero >= 0)
            throw new ConfigurationException(
                $"The momentum of step {zero / Grouping.Count}, {Grouping.NameOf(zero % Grouping.Count)} is 0, which cannot be "
                + "reversed: a step without momentum forgets its velocity. Use the checkpointed method, or a momentum above 0.");
    }
}
