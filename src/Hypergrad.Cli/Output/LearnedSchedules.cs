using Hypergrad.Cli.Reporting;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>The learned schedules that have a value per step, one series per group of weights.</summary>
internal static class LearnedSchedules
{
    public static IEnumerable<ScheduleGroup> Of(TuningResult result)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            if (before.Hyperparameter is not Schedule { IsPerStep: true } schedule)
                continue;
            var grouping = new WeightGrouping(result.Start.Model, schedule.Sharing);
            yield return new(before.Name, before.Part == RawParts.LearningRate, [.. Enumerable.Range(0, grouping.Count).Select(group =>
                new ScheduleSeries(grouping.NameOf(group), Column(before.Values, group, grouping.Count),
                    Column(after.Values, group, grouping.Count)))]);
        }
    }

    private static double[] Column(double[] table, int column, int columns) =>
        [.. Enumerable.Range(0, table.Length / columns).Select(row => table[row * columns + column])];
}
