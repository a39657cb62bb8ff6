using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Models;

namespace Hypergrad.Cli.Output;

/// <summary>Makes the report's input from a tuning's result.</summary>
internal static class ReportBuilder
{
    /// <param name="result">What the tuning led to.</param>
    /// <param name="facts">What it was asked for.</param>
    /// <param name="model">The model that the learned hyperparameters trained.</param>
    public static TuningReport Build(TuningResult result, TuningFacts facts, TrainedModel model)
    {
        JudgedModel[] judged = [.. JudgedModel.OnParts(model, facts)];
        var figures = facts.Figures;
        MetaLearningPoint[] curve = [.. result.Records.Where(record => double.IsFinite(record.Validation.Mean)).Select(record =>
            new MetaLearningPoint(record.MetaStep, figures.LossOf(record.TrainingLoss), Measure(figures.LossOf(record.Validation)),
                record.Test is { } test ? figures.LossOf(test.Mean) : null))];
        var (before, after) = (result.Before, result.After);
        int count = result.Start.Hyperparameters!.Tuned(result.Start.Network).Sum(tuned => tuned.Count);
        return new()
        {
            Title = $"Tuning {result.Start.Network} on {ShortSource(facts.Source)}",
            Summary = $"{count} hyperparameters tuned by their {(facts.Method.IsExact ? "exact" : "approximate")} gradients in "
                + $"{SearchText.Count(result.Records.Count - 1, "meta-step", "meta-steps")}. "
                + $"{SearchText.Of(result, facts.MetaSteps, figures)}",
            CommandLine = facts.CommandLine,
            Version = Product.Version,
            Date = DateTimeOffset.Now,
            LossUnit = figures.LossUnit,
            Notes = [.. Notes(result, facts, curve)],
            Headlines = [.. Headlines(before, after, figures)],
            Reversal = ReversalOf(result),
            Seconds = result.Duration.TotalSeconds,
            MetaLearning = curve,
            BestMetaStep = after.MetaStep,
            ElementaryLearning = new(
                [.. result.FirstTrainingLosses.Select(figures.LossOf)], [.. result.LastTrainingLosses.Select(figures.LossOf)]),
            Schedules = [.. LearnedSchedules.Of(result)],
            Values = [.. LearnedValues.FewOf(result)],
            Distributions = [.. LearnedValues.ManyOf(result)],
            Matrices = [.. LearnedTargets.Of(result)],
            Images = [.. LearnedImages.Of(result, facts)],
            Confusions = [.. judged.Select(part => part.Confusion).OfType<Confusion>()],
            WorstExamples = [.. judged.Select(part => part.Worst(figures)).OfType<WorstExamples>()],
            Configuration = [.. facts.Of(result.Start).Select(fact => new NamedValue(fact.Name, fact.Value))],
            NumbersFile = "hyperparameters.json",
        };
    }

    /// <summary>The tuned hyperparameters before and after, side by side.</summary>
    public static IEnumerable<(TunedHyperparameter Before, TunedHyperparameter After)> Changes(TuningResult result) =>
        result.Start.Hyperparameters!.Tuned(result.Start.Network).Zip(result.Learned.Hyperparameters!.Tuned(result.Learned.Network));

    // Where a file lies is said in the configuration; a title needs its name alone.
    private static string ShortSource(string source) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(source)) is { Length: > 0 } name ? name : source;

    private static IEnumerable<ReportNote> Notes(TuningResult result, TuningFacts facts, IReadOnlyList<MetaLearningPoint> curve)
    {
        if (OverfittingNote.Find(curve) is { } overfitting)
            yield return overfitting;
        if (result.AdjointGrowth?.Warning is { } exploding)
            yield return new(NoteKind.Warning, exploding);
        foreach (string warning in facts.Smoothness?.Warnings ?? [])
            yield return new(NoteKind.Warning, warning);
        if (facts.Smoothness is { } smoothness)
            yield return new(NoteKind.Information, smoothness.Text);
        if (facts.Figures.Words.Figures is { } words)
            yield return new(NoteKind.Information, words);
        if (StartSearchText.Of(result, facts.Figures) is { } start)
            yield return new(NoteKind.Information, start);
        if (ClassImbalance.Describe(facts.Parts.Train) is { } uneven)
            yield return new(NoteKind.Information, uneven);
        if (facts.UnknownCategories is { } unknown)
            yield return new(NoteKind.Information, $"Categories that no training example has: {unknown}");
    }

    internal static ReversalFigures? ReversalOf(TuningResult result) => result.Reversals.FirstOrDefault() is not { } first ? null
        : new(result.Reversals.All(reversal => reversal.Exact), first.BitsPerWeightStep, first.EntropyBitsPerWeightStep)
        {
            ResidentBitsPerWeight = first.ResidentBitsPerWeight,
            Trainings = result.Reversals.Count(),
            StatesCompared = result.Reversals.Sum(reversal => reversal.LandmarksMet + (reversal.StartMet ? 1 : 0)),
        };

    private static IEnumerable<HeadlineFigure> Headlines(MetaStepRecord before, MetaStepRecord after, TaskFigures figures)
    {
        string unit = figures.LossUnit;
        HeadlineFigure Of(string name, string unit, Estimate before, Estimate after) => new(name, unit, Measure(before), Measure(after));
        yield return Of("validation loss", unit, figures.LossOf(before.Validation), figures.LossOf(after.Validation));
        if (before.Test is { } testBefore && after.Test is { } testAfter)
            yield return Of("test loss", unit, figures.LossOf(testBefore), figures.LossOf(testAfter));
        if (!double.IsNaN(before.ValidationErrorRate))
            yield return new("validation error", "%", 100 * before.ValidationErrorRate, 100 * after.ValidationErrorRate);
        if (before.TestErrorRate is { } errorBefore && after.TestErrorRate is { } errorAfter && !double.IsNaN(errorBefore))
            yield return new("test error", "%", 100 * errorBefore, 100 * errorAfter);
        if (figures.ValidationRmse(before) is { } rmseBefore && figures.ValidationRmse(after) is { } rmseAfter)
            yield return Of("validation RMSE", figures.ErrorUnit, rmseBefore, rmseAfter);
        if (figures.TestRmse(before) is { } testRmseBefore && figures.TestRmse(after) is { } testRmseAfter)
            yield return Of("test RMSE", figures.ErrorUnit, testRmseBefore, testRmseAfter);
        if (figures.ValidationRSquared(before) is { } fitBefore && figures.ValidationRSquared(after) is { } fitAfter)
            yield return Of("validation R²", "", fitBefore, fitAfter) with { HigherIsBetter = true };
        if (figures.TestRSquared(before) is { } testFitBefore && figures.TestRSquared(after) is { } testFitAfter)
            yield return Of("test R²", "", testFitBefore, testFitAfter) with { HigherIsBetter = true };
        yield return new(
            "training loss, last tenth of the steps", unit, figures.LossOf(before.TrainingLoss), figures.LossOf(after.TrainingLoss));
    }

    private static Measurement Measure(Estimate estimate) =>
        new(estimate.Mean, double.IsNaN(estimate.StandardError) ? null : estimate.StandardError);
}
