using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>The learned hyperparameters that are neither schedules over the steps nor pictures nor soft targets.</summary>
internal static class LearnedValues
{
    // More do not go into a drawing of single values.
    private const int Most = 32;

    /// <summary>Those of few values, each with its own.</summary>
    public static IEnumerable<ValueChangeGroup> FewOf(TuningResult result) =>
        from change in Drawn(result)
        where change.Before.Count <= Most
        select new ValueChangeGroup(
            TitleOf(change.Before), change.Before.Name, change.Before.Transform == Transform.Log, [.. change.Values]);

    /// <summary>Those of many values, as distributions.</summary>
    public static IEnumerable<ValueDistribution> ManyOf(TuningResult result) =>
        from change in Drawn(result)
        where change.Before.Count > Most
        select Distributions.Of(
            TitleOf(change.Before), change.Before.Name, change.Before.Transform == Transform.Log, [.. change.Values],
            ClassesOf(change.Before, result.Start.Training));

    private static IEnumerable<(TunedHyperparameter Before, IEnumerable<ValueChange> Values)> Drawn(TuningResult result)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            bool isDrawnOverSteps = before.Hyperparameter is Schedule { Form: not ScheduleForm.Constant };
            if (isDrawnOverSteps || LearnedImages.Draws(before, result.Start) || LearnedTargets.Draws(before, result.Start))
                continue;
            var (from, to) = (InUnitsOfData(before, result), InUnitsOfData(after, result));
            yield return (before, Enumerable.Range(0, before.Count)
                .Select(i => new ValueChange(NameOf(before, i, result), from[i], to[i])));
        }
    }

    private static string TitleOf(TunedHyperparameter tuned) => $"{char.ToUpperInvariant(tuned.Name[0])}{tuned.Name[1..]}";

    private static string NameOf(TunedHyperparameter tuned, int index, TuningResult result) =>
        tuned.Hyperparameter is ExampleWeights weights
        ? ExampleNames.Of(result.Start.Training, weights.Examples?[index] ?? index)
        : tuned.Hyperparameter.NameOf(index, result.Start.Network);

    // The name of each value's class; null where the values belong to no examples of classes.
    private static Func<int, string>? ClassesOf(TunedHyperparameter tuned, Dataset training) =>
        tuned.Hyperparameter is ExampleWeights weights && ExampleNames.ClassOf(training, 0) is not null
            ? index => ExampleNames.NameOfClass(training, ExampleNames.ClassOf(training, weights.Examples?[index] ?? index)!.Value)
            : null;

    // Learned targets of a regression are normalised, as all targets are in training.
    private static double[] InUnitsOfData(TunedHyperparameter tuned, TuningResult result) =>
        tuned.Hyperparameter is SoftTargets && result.Start.Training.TargetNormalization is { } normalization
            ? normalization.Invert(new Table(tuned.Values, result.Start.Training.TargetSize, "target")).ToArray()
            : tuned.Values;
}
