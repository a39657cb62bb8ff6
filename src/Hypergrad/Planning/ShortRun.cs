using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Planning;

/// <summary>The first steps of a run as a run of its own: the same work a step, to be timed.</summary>
internal static class ShortRun
{
    /// <summary>
    /// Cuts a run. Its minibatches are as large, though not of the same examples where they were listed one by one.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">How many of its steps, at least 1 and at most all.</param>
    /// <exception cref="ConfigurationException">An optimizer that has no name.</exception>
    public static RawRun Of(RawRun run, int steps)
    {
        if (!OptimizerKinds.ByName.TryGetValue(run.Optimizer.Name, out var kind))
            throw new ConfigurationException($"A plan cannot be made for the optimizer \"{run.Optimizer.Name}\": only for "
                + $"{string.Join(", ", OptimizerKinds.ByName.Keys)}.");
        var tables = new OptimizerTables();
        foreach (var (quantity, table) in run.Optimizer.Tables)
            tables[quantity] = new ScheduleTable(table.Grouping, table.Values[..(steps * table.Grouping.Count)], quantity.Name);
        var minibatches = run.Minibatches;
        return run with
        {
            Optimizer = kind.Lower(tables),
            Minibatches = minibatches.Steps is null
                ? minibatches
                : MinibatchPlan.WithReplacement(minibatches.ExampleCount, minibatches.MaximumBatchSize, run.Seed),
        };
    }
}
