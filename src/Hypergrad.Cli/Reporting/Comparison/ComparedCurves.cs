using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Sections;

namespace Hypergrad.Cli.Reporting.Comparison;

/// <summary>
/// The curves of several tunings, those of one quantity in one chart; of losses in different units, a chart for each unit.
/// </summary>
internal static class ComparedCurves
{
    public static IEnumerable<(string Identifier, string Heading, string Explanation, IReadOnlyList<LineChartData> Charts)> Of(
        IReadOnlyList<ComparedRun> runs)
    {
        const string meta = "meta-step", step = "training step";
        LineChartData[] validation = [.. Losses(runs, "validation loss", meta,
            run => [.. run.MetaLearning.Select(p => p.ValidationLoss.Value)], marksLowest: true)];
        if (validation.Length > 0)
            yield return ("validation", "Validation loss",
                "The loss that guides. Ringed: the lowest, whose hyperparameters are kept.", validation);
        LineChartData[] test = [.. Losses(runs, "test loss", meta, run => [.. run.MetaLearning.Select(p => p.TestLoss ?? double.NaN)])];
        if (test.Length > 0)
            yield return ("test", "Test loss", "The loss that judges; no gradient has seen its examples.", test);
        LineChartData[] training = [.. Losses(runs, "training loss", step, run => run.ElementaryLearning?.After ?? [])];
        if (training.Length > 0)
            yield return ("training", "Learning curves",
                "The loss of each step's minibatch, penalties included, under the tuned hyperparameters.", training);
        LineChartData[] schedules = [.. Schedules(runs)];
        if (schedules.Length > 0)
            yield return ("schedules", "Learned schedules",
                "A value for every training step after tuning; of several groups, their median.", schedules);
    }

    private static IEnumerable<LineChartData> Losses(IReadOnlyList<ComparedRun> runs, string quantity, string place,
        Func<TuningReport, IReadOnlyList<double>> lossesOf, bool marksLowest = false)
    {
        foreach (var unit in Styled(runs).GroupBy(entry => entry.Run.Report.LossUnit))
        {
            ChartSeries[] series = [.. unit.Select(entry => ChartSeries.OverSteps(entry.Run.Name, entry.Style, lossesOf(entry.Run.Report))
                with { MarksLowest = marksLowest }).Where(one => one.Y.Any(double.IsFinite))];
            if (series.Length > 0)
                yield return new($"{quantity} over {place}s", place, quantity,
                    LossScale.IsLogarithmic(series.SelectMany(one => one.Y)), series)
                { Unit = unit.Key };
        }
    }

    private static IEnumerable<LineChartData> Schedules(IReadOnlyList<ComparedRun> runs)
    {
        var all = Styled(runs).SelectMany(entry => entry.Run.Report.Schedules.Select(group => (entry.Run, entry.Style, Group: group)));
        foreach (var same in all.GroupBy(entry => entry.Group.Hyperparameter))
            yield return new($"{same.Key} over training steps", "training step", same.Key, same.Any(entry => entry.Group.Logarithmic),
                [.. same.Select(entry => ChartSeries.OverSteps(entry.Run.Name, entry.Style,
                    Quantiles.PerStep([.. entry.Group.Series.Select(series => series.After)], 0.5)))]);
    }

    private static IEnumerable<(ComparedRun Run, SeriesStyle Style)> Styled(IReadOnlyList<ComparedRun> runs) =>
        runs.Select((run, i) => (run, SeriesStyle.First + i));
}
