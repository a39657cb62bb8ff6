using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>A learning-rate or momentum schedule: a value per step, or one for all steps, for each group of weights.</summary>
public sealed record Schedule : Hyperparameter
{
    private Schedule(int steps, Sharing sharing, double initial, bool isPerStep)
    {
        if (steps < 1)
            throw new ConfigurationException($"A schedule of {steps} steps: training needs at least 1 step.");
        if (sharing is Sharing.Input or Sharing.Weight)
            throw new ConfigurationException($"A schedule cannot be shared by {sharing}; choose All, Layer, Tensor or Unit.");
        Steps = steps;
        Sharing = sharing;
        Initial = initial;
        IsPerStep = isPerStep;
    }

    /// <summary>How many training steps.</summary>
    public int Steps { get; }

    /// <summary>Which weights share a value: All, Layer, Tensor or Unit.</summary>
    public Sharing Sharing { get; }

    /// <summary>Whether every step has values of its own.</summary>
    public bool IsPerStep { get; }

    /// <summary>A schedule with a value of its own for every step and group.</summary>
    /// <param name="steps">Training steps, at least 1.</param>
    /// <param name="sharing">All, Layer, Tensor or Unit.</param>
    /// <param name="initial">The value at the start.</param>
    /// <exception cref="ConfigurationException">No steps, or a sharing that a schedule cannot have.</exception>
    public static Schedule PerStep(int steps, Sharing sharing, double initial) => new(steps, sharing, initial, true);

    /// <summary>A schedule with one value per group for all steps.</summary>
    /// <inheritdoc cref="PerStep"/>
    public static Schedule Constant(int steps, Sharing sharing, double initial) => new(steps, sharing, initial, false);

    /// <summary>The same schedule, not to be tuned.</summary>
    public new Schedule Fixed() => this with { IsTuned = false };

    /// <summary>The raw table, [steps × groups], for a model.</summary>
    internal ScheduleTable ToTable(Mlp model, string name)
    {
        var grouping = new WeightGrouping(model, Sharing);
        var table = new double[Steps * grouping.Count];
        if (Values is null)
            Array.Fill(table, Initial);
        else
            for (int start = 0; start < table.Length; start += Values.Length)
                Values.CopyTo(table, start);
        return new ScheduleTable(grouping, table, name);
    }

    /// <summary>Refuses a schedule that cannot fit into memory: its values, its table and its gradient.</summary>
    internal void RequireMemory(Mlp model, string name)
    {
        double entries = (double)Steps * new WeightGrouping(model, Sharing).Count;
        MemoryLimit.Require(3 * sizeof(double) * entries, $"A {name} of {Steps} steps, shared by {Sharing.ToString().ToLowerInvariant()},",
            "Train fewer steps, or share values more widely.");
        if (entries > Array.MaxLength)
            throw new ConfigurationException(
                $"A {name} of {Steps} steps has {entries} values; at most {Array.MaxLength} fit into one table. Train fewer steps.");
    }

    internal override int CountFor(Mlp model, Dataset training) => new WeightGrouping(model, Sharing).Count * (IsPerStep ? Steps : 1);

    /// <inheritdoc/>
    public override string NameOf(int index, Mlp model)
    {
        var grouping = new WeightGrouping(model, Sharing);
        string group = grouping.NameOf(index % grouping.Count);
        return IsPerStep ? $"step {index / grouping.Count}, {group}" : group;
    }

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        gradient.Clear();
        for (int i = 0; i < raw.Length; i++)
            gradient[i % gradient.Length] += raw[i];
    }
}
