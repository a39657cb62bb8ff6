using System.Globalization;
using Hypergrad.Cli.Reporting;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Cli.Output;

/// <summary>The learned soft targets of a classification, example × class.</summary>
internal static class LearnedTargets
{
    /// <summary>Whether a hyperparameter is drawn as such a matrix.</summary>
    public static bool Draws(TunedHyperparameter tuned, TrainingRun run) =>
        tuned.Hyperparameter is SoftTargets && run.Network.Loss == Loss.SoftmaxCrossEntropy && !run.Training.HasClassTargets;

    public static IEnumerable<ExampleMatrix> Of(TuningResult result)
    {
        var training = result.Start.Training;
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            if (!Draws(before, result.Start))
                continue;
            int classes = training.TargetSize;
            var chosen = ((SoftTargets)before.Hyperparameter).Examples;
            yield return new("Soft targets", "soft target", training.ClassNames ?? Numbered(classes),
                [.. Enumerable.Range(0, after.Count / classes).Select(row => RowOf(chosen?[row] ?? row, row))]);

            ExampleRow RowOf(int example, int row)
            {
                double[] target = before.Values[(row * classes)..((row + 1) * classes)];
                int given = ExampleNames.ClassOf(training, example) ?? Array.IndexOf(target, target.Max());
                return new(example, given, after.Values[(row * classes)..((row + 1) * classes)]);
            }
        }
    }

    private static string[] Numbered(int classes) =>
        [.. Enumerable.Range(0, classes).Select(number => number.ToString(CultureInfo.InvariantCulture))];
}
