using Hypergrad.Cli.Reporting;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;

namespace Hypergrad.Cli.Output;

/// <summary>Makes the report's input from a tuning's result.</summary>
internal static class ReportBuilder
{
    public static TuningReport Build(TuningResult result, TuningFacts facts, TimeSpan elapsed)
    {
        MetaLearningPoint[] curve = [.. result.Records.Select(record =>
            new MetaLearningPoint(record.MetaStep, record.TrainingLoss, Measure(record.Validation), record.Test?.Mean))];
        var (before, after) = (result.Before, result.After);
        bool crossEntropy = result.Start.Model.Loss == Loss.SoftmaxCrossEntropy;
        return new()
        {
            Title = $"Tuning {result.Start.Model} on {facts.Source}",
            Summary = $"{result.Start.Hyperparameters!.Tuned(result.Start.Model).Sum(tuned => tuned.Count)} hyperparameters tuned by their "
                + $"{(facts.Method.IsExact ? "exact" : "approximate")} gradients in {result.Records.Count - 1} meta-steps.",
            CommandLine = facts.CommandLine,
            Version = Product.Version,
            Date = DateTimeOffset.Now,
            LossUnit = crossEntropy ? "nats" : "",
            Notes = OverfittingNote.Find(curve) is { } note ? [note] : [],
            Headlines = [.. Headlines(before, after, crossEntropy ? "nats" : "")],
            Reversal = double.IsNaN(before.BitsPerWeightStep) ? null : new(true, before.BitsPerWeightStep, before.EntropyBitsPerWeightStep),
            Seconds = elapsed.TotalSeconds,
            MetaLearning = curve,
            ElementaryLearning = new(result.FirstTrainingLosses, result.LastTrainingLosses),
            Schedules = [.. LearnedSchedules.Of(result)],
            Values = [.. LearnedValues.Of(result)],
            Images = [.. LearnedImages.Of(result, facts)],
            Configuration = [.. facts.Of(result.Start).Select(fact => new NamedValue(fact.Name, fact.Value))],
            NumbersFile = "hyperparameters.json",
        };
    }

    /// <summary>The tuned hyperparameters before and after, side by side.</summary>
    public static IEnumerable<(TunedHyperparameter Before, TunedHyperparameter After)> Changes(TuningResult result) =>
        result.Start.Hyperparameters!.Tuned(result.Start.Model).Zip(result.Learned.Hyperparameters!.Tuned(result.Learned.Model));

    private static IEnumerable<HeadlineFigure> Headlines(MetaStepRecord before, MetaStepRecord after, string unit)
    {
        yield return new("validation loss", unit, Measure(before.Validation), Measure(after.Validation));
        if (before.Test is { } testBefore && after.Test is { } testAfter)
            yield return new("test loss", unit, Measure(testBefore), Measure(testAfter));
        if (!double.IsNaN(before.ValidationErrorRate))
            yield return new("validation error", "%", 100 * before.ValidationErrorRate, 100 * after.ValidationErrorRate);
        if (before.TestErrorRate is { } errorBefore && after.TestErrorRate is { } errorAfter && !double.IsNaN(errorBefore))
            yield return new("test error", "%", 100 * errorBefore, 100 * errorAfter);
        yield return new("training loss, last tenth of the steps", unit, before.TrainingLoss, after.TrainingLoss);
    }

    private static Measurement Measure(Estimate estimate) =>
        new(estimate.Mean, double.IsNaN(estimate.StandardError) ? null : estimate.StandardError);
}
