using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// A schedule of an optimizer's coefficient, for each group of weights: a value per step, one for all steps, or values at a few knots with
/// straight lines or steps between them.
/// </summary>
public sealed record Schedule : Hyperparameter
{
    private Schedule(int? steps, Sharing sharing, double initial, ScheduleForm form, int knots)
    {
        if (steps < 1)
            throw new ConfigurationException($"A schedule of {steps} steps: training needs at least 1 step.");
        if (sharing is Sharing.Input or Sharing.Weight)
            throw new ConfigurationException($"A schedule cannot be shared by {sharing}; choose All, Layer, Tensor or Unit.");
        (Steps, Sharing, Initial, Form, Knots) = (steps, sharing, initial, form, knots);
    }

    /// <summary>How many training steps, or null for a constant that goes with any number.</summary>
    public int? Steps { get; }

    /// <summary>Which weights share a value: All, Layer, Tensor or Unit.</summary>
    public Sharing Sharing { get; }

    /// <summary>How its values become a value per step.</summary>
    public ScheduleForm Form { get; }

    /// <summary>How many values each group has: the steps, 1, or the knots.</summary>
    public int Knots { get; }

    /// <summary>Whether every step has values of its own.</summary>
    public bool IsPerStep => Form == ScheduleForm.PerStep;

    /// <summary>A schedule with a value of its own for every step and group.</summary>
    /// <param name="steps">Training steps, at least 1.</param>
    /// <param name="sharing">All, Layer, Tensor or Unit.</param>
    /// <param name="initial">The value at the start.</param>
    /// <exception cref="ConfigurationException">No steps, or a sharing that a schedule cannot have.</exception>
    public static Schedule PerStep(int steps, Sharing sharing, double initial) =>
        new(steps, sharing, initial, ScheduleForm.PerStep, steps);

    /// <summary>A schedule with one value per group for all steps.</summary>
    /// <inheritdoc cref="PerStep"/>
    public static Schedule Constant(int steps, Sharing sharing, double initial) =>
        new(steps, sharing, initial, ScheduleForm.Constant, 1);

    /// <summary>A schedule with one value per group for all steps, however many the others have.</summary>
    /// <inheritdoc cref="PerStep"/>
    public static Schedule Constant(Sharing sharing, double initial) => new(null, sharing, initial, ScheduleForm.Constant, 1);

    /// <summary>Values at knots evenly spaced from the first step to the last, straight lines between them.</summary>
    /// <param name="steps">Training steps, at least 2.</param>
    /// <param name="knots">Values per group, from 2 to the steps.</param>
    /// <param name="sharing">All, Layer, Tensor or Unit.</param>
    /// <param name="initial">The value at the start.</param>
    /// <exception cref="ConfigurationException">Steps, knots or a sharing that a schedule cannot have.</exception>
    public static Schedule PiecewiseLinear(int steps, int knots, Sharing sharing, double initial) =>
        new(steps, sharing, initial, ScheduleForm.PiecewiseLinear, CheckedKnots(steps, knots, 2));

    /// <summary>The run cut into equal pieces, a value for each.</summary>
    /// <param name="steps">Training steps, at least 1.</param>
    /// <param name="pieces">Values per group, from 1 to the steps.</param>
    /// <param name="sharing">All, Layer, Tensor or Unit.</param>
    /// <param name="initial">The value at the start.</param>
    /// <exception cref="ConfigurationException">Steps, pieces or a sharing that a schedule cannot have.</exception>
    public static Schedule PiecewiseConstant(int steps, int pieces, Sharing sharing, double initial) =>
        new(steps, sharing, initial, ScheduleForm.PiecewiseConstant, CheckedKnots(steps, pieces, 1));

    /// <summary>The same schedule, not to be tuned.</summary>
    public new Schedule Fixed() => this with { IsTuned = false };

    /// <summary>
    /// The same course over another number of steps. Values at knots keep their places relative to the whole; a value of every step is
    /// taken from the straight line through those of the two nearest places, the first and the last step keeping theirs.
    /// </summary>
    /// <param name="steps">Training steps, at least as many as there are knots.</param>
    /// <exception cref="ConfigurationException">Fewer steps than knots.</exception>
    public Schedule Stretched(int steps)
    {
        if (Steps is not { } before || before == steps)
            return this;
        int knots = IsPerStep ? steps : Form == ScheduleForm.Constant ? 1
            : CheckedKnots(steps, Knots, Form == ScheduleForm.PiecewiseLinear ? 2 : 1);
        return new(steps, Sharing, Initial, Form, knots)
        {
            IsTuned = IsTuned,
            Transform = Transform,
            Values = IsPerStep && Values is { } values ? Resampled(values, before, steps) : Values,
        };
    }

    private static double[] Resampled(double[] values, int before, int steps)
    {
        int groups = values.Length / before;
        MemoryLimit.Require(3.0 * sizeof(double) * steps * groups, $"A schedule of {steps} steps", "Train fewer steps.");
        var result = new double[(long)steps * groups];
        for (int step = 0; step < steps; step++)
        {
            double position = steps == 1 ? 0 : step * (before - 1.0) / (steps - 1);
            int place = Math.Min((int)position, Math.Max(0, before - 2)), next = Math.Min(place + 1, before - 1);
            double fraction = position - place;
            for (int group = 0; group < groups; group++)
                result[step * groups + group] =
                    (1 - fraction) * values[place * groups + group] + fraction * values[next * groups + group];
        }
        return result;
    }

    /// <summary>The raw table, [steps × groups], for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="steps">Training steps; those of the schedule where it says.</param>
    /// <param name="name">Its quantity, for error messages.</param>
    public ScheduleTable ToTable(Network network, int steps, string name)
    {
        var grouping = new WeightGrouping(network, Sharing);
        var table = new double[steps * grouping.Count];
        if (Values is null)
            Array.Fill(table, Initial);
        else
            for (int step = 0; step < steps; step++)
            {
                var (knot, fraction) = At(step, steps);
                for (int group = 0; group < grouping.Count; group++)
                {
                    double value = Values[knot * grouping.Count + group];
                    if (fraction > 0)
                        value = (1 - fraction) * value + fraction * Values[(knot + 1) * grouping.Count + group];
                    table[step * grouping.Count + group] = value;
                }
            }
        return new ScheduleTable(grouping, table, name);
    }

    /// <summary>Refuses a schedule that cannot fit into memory: its values, its table and its gradient.</summary>
    internal void RequireMemory(Network network, int steps, string name)
    {
        double entries = (double)steps * new WeightGrouping(network, Sharing).Count;
        MemoryLimit.Require(3 * sizeof(double) * entries, $"A {name} of {steps} steps, shared by {Sharing.ToString().ToLowerInvariant()},",
            "Train fewer steps, or share values more widely.");
        if (entries > Array.MaxLength)
            throw new ConfigurationException(
                $"A {name} of {steps} steps has {entries} values; at most {Array.MaxLength} fit into one table. Train fewer steps.");
    }

    internal override int CountFor(Network network, Dataset training) => new WeightGrouping(network, Sharing).Count * Knots;

    /// <inheritdoc/>
    public override string NameOf(int index, Network network)
    {
        var grouping = new WeightGrouping(network, Sharing);
        string group = grouping.NameOf(index % grouping.Count);
        return Form switch
        {
            ScheduleForm.PerStep => $"step {index / grouping.Count}, {group}",
            ScheduleForm.Constant => group,
            ScheduleForm.PiecewiseLinear => $"knot {index / grouping.Count + 1}, {group}",
            _ => $"piece {index / grouping.Count + 1}, {group}",
        };
    }

    internal override void PullBack(ReadOnlySpan<double> raw, PullBackContext context, Span<double> gradient)
    {
        int groups = gradient.Length / Knots, steps = raw.Length / groups;
        gradient.Clear();
        for (int step = 0; step < steps; step++)
        {
            var (knot, fraction) = At(step, steps);
            for (int group = 0; group < groups; group++)
            {
                double value = raw[step * groups + group];
                gradient[knot * groups + group] += (1 - fraction) * value;
                if (fraction > 0)
                    gradient[(knot + 1) * groups + group] += fraction * value;
            }
        }
    }

    // The knot at or before a step, and how far the step is on the way to the next one.
    private (int Knot, double Fraction) At(int step, int steps)
    {
        switch (Form)
        {
            case ScheduleForm.PerStep:
                return (step, 0);
            case ScheduleForm.Constant:
                return (0, 0);
            case ScheduleForm.PiecewiseConstant:
                return ((int)((long)step * Knots / steps), 0);
            default:
                double position = step * (Knots - 1.0) / (steps - 1);
                int knot = Math.Min((int)position, Knots - 2);
                return (knot, position - knot);
        }
    }

    private static int CheckedKnots(int steps, int knots, int least) => knots >= least && knots <= steps
        ? knots
        : throw new ConfigurationException($"A schedule of {knots} knots over {steps} steps: give it {least} to {steps}.");
}
