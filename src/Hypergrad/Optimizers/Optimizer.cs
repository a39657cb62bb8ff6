using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Optimizers;

/// <summary>
/// How training moves the weights, as a person states it: schedules, and the list of updates that they drive. An optimizer out of existing
/// updates is a record of this kind and an entry in <see cref="OptimizerKinds"/>.
/// </summary>
public abstract record Optimizer
{
    /// <summary>Its name in files and options: "momentum", "adamw".</summary>
    public abstract string Name { get; }

    /// <summary>Its schedules, each with the quantity that it drives, in the order of <see cref="Quantity.All"/>.</summary>
    public abstract IReadOnlyList<(Quantity Quantity, Schedule Schedule)> Schedules { get; }

    /// <summary>The same optimizer with another schedule for one of its quantities.</summary>
    public abstract Optimizer With(Quantity quantity, Schedule schedule);

    /// <summary>The list of updates of its step.</summary>
    /// <param name="tables">The tables of its quantities.</param>
    public abstract RawOptimizer Lower(OptimizerTables tables);

    /// <summary>T: what its schedules say.</summary>
    /// <exception cref="ConfigurationException">None of them says it, or two do not agree.</exception>
    public int Steps
    {
        get
        {
            (Quantity Quantity, Schedule Schedule)? said = null;
            foreach (var entry in Schedules)
                if (entry.Schedule.Steps is not { } steps)
                    continue;
                else if (said is null)
                    said = entry;
                else if (said.Value.Schedule.Steps != steps)
                    throw new ConfigurationException($"The {said.Value.Quantity} has {said.Value.Schedule.Steps} steps and the "
                        + $"{entry.Quantity} {steps}; give both the same number.");
            return said?.Schedule.Steps ?? throw new ConfigurationException(
                $"No schedule of the optimizer {Name} says how many steps there are; give it to the learning rate.");
        }
    }

    /// <summary>The same optimizer over another number of steps (<see cref="Schedule.Stretched"/>).</summary>
    /// <param name="steps">Training steps, at least 1.</param>
    /// <exception cref="ConfigurationException">Fewer steps than a schedule has knots, or none.</exception>
    public Optimizer Stretched(int steps)
    {
        var result = this;
        foreach (var (quantity, schedule) in Schedules)
            result = result.With(quantity, schedule.Stretched(steps));
        return result;
    }

    /// <summary>Its name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>The tables of its schedules for a network.</summary>
    public OptimizerTables TablesFor(Network network)
    {
        var tables = new OptimizerTables();
        int steps = Steps;
        foreach (var (quantity, schedule) in Schedules)
            tables[quantity] = schedule.ToTable(network, steps, quantity.Name);
        return tables;
    }
}
