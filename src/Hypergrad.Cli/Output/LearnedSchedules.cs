using Hypergrad.Cli.Reporting;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

namespace Hypergrad.Cli.Output;

/// <summary>The learned schedules that change over the steps, one series per group of weights.</summary>
internal static class LearnedSchedules
{
    public static IEnumerable<ScheduleGroup> Of(TuningResult result)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            if (before.Hyperparameter is not Schedule { Form: not ScheduleForm.Constant } schedule)
                continue;
            var grouping = new WeightGrouping(result.Start.Network, schedule.Sharing);
            double[] from = PerStep(before, result.Start), to = PerStep(after, result.Learned);
            yield return new(before.Name, before.Transform == Transform.Log, [.. Enumerable.Range(0, grouping.Count).Select(group =>
                new ScheduleSeries(grouping.NameOf(group), Column(from, group, grouping.Count), Column(to, group, grouping.Count)))]);
        }
    }

    private static double[] PerStep(TunedHyperparameter tuned, TrainingRun run) =>
        ((Schedule)tuned.Hyperparameter).ToTable(run.Network, run.Steps, tuned.Name).Values.ToArray();

    private static double[] Column(double[] table, int column, int columns) =>
        [.. Enumerable.Range(0, table.Length / columns).Select(row => table[row * columns + column])];
}
