using Hypergrad.Cli.Reporting;
using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>The learned hyperparameters that are neither schedules over the steps nor pictures: each of a few, quantiles of many.</summary>
internal static class LearnedValues
{
    // Beyond this a drawing of single values says nothing.
    private const int Most = 2000;

    private static readonly (string Name, double Order)[] Orders =
    [
        ("lowest", 0), ("1 % are lower", 0.01), ("10 %", 0.1), ("25 %", 0.25), ("median", 0.5), ("75 %", 0.75), ("90 %", 0.9),
        ("99 %", 0.99), ("highest", 1),
    ];

    public static IEnumerable<ValueChangeGroup> Of(TuningResult result)
    {
        foreach (var (before, after) in ReportBuilder.Changes(result))
        {
            bool isDrawnOverSteps = before.Hyperparameter is Schedule { Form: not ScheduleForm.Constant };
            if (isDrawnOverSteps || LearnedImages.Draws(before, result.Start))
                continue;
            string title = $"{char.ToUpperInvariant(before.Name[0])}{before.Name[1..]}";
            var (from, to) = (InUnitsOfData(before, result), InUnitsOfData(after, result));
            yield return before.Count <= Most
                ? new(title, before.Name, before.Transform == Transform.Log, [.. Enumerable.Range(0, before.Count).Select(i =>
                    new ValueChange(before.Hyperparameter.NameOf(i, result.Start.Network), from[i], to[i]))])
                : new($"{title}: how the {before.Count} values are spread; hyperparameters.json has each of them", before.Name,
                    before.Transform == Transform.Log, [.. Orders.Select(order =>
                    new ValueChange(order.Name, Quantiles.Of(from, order.Order), Quantiles.Of(to, order.Order)))]);
        }
    }

    // Learned targets of a regression are normalised, as all targets are in training.
    private static double[] InUnitsOfData(TunedHyperparameter tuned, TuningResult result) =>
        tuned.Hyperparameter is SoftTargets && result.Start.Training.TargetNormalization is { } normalization
            ? normalization.Invert(new Table(tuned.Values, result.Start.Training.TargetSize, "target")).ToArray()
            : tuned.Values;
}
