using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The losses over meta-steps: what the search minimised and what it did to data it never saw.</summary>
internal static class MetaLearningSection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        var points = report.MetaLearning;
        bool hasErrors = points.Any(p => p.ValidationLoss.StandardError is not null);
        using var section = Section.Open(markup, identifier, heading,
            "The validation loss guides the hyperparameters; the test loss judges them. " +
            "When they part, the hyperparameters overfit the validation set." +
            (hasErrors ? " The shaded band is ± one standard error over replicas." : ""));
        bool logarithmic = LossScale.IsLogarithmic(points.SelectMany(Losses));
        const string description = "Training, validation and test loss over meta-steps";
        LineChart.WriteResponsive(markup,
            new(description, "meta-step", "loss", logarithmic, [.. SeriesOf(points)]) { Unit = report.LossUnit });
        if (Lowest(points) is { } lowest) markup.TextElement("p", lowest, ("class", "reading"));
        NumberTable.Write(markup, "Numbers of the meta-learning curve",
            ["meta-step", "training loss", "validation loss", .. hasErrors ? ["standard error"] : Array.Empty<string>(), "test loss"],
            [.. points.Select(p => (string[])
                [Numbers.Integer(p.MetaStep), Cell(p.TrainingLoss), Cell(p.ValidationLoss.Value),
                 .. hasErrors ? [Cell(p.ValidationLoss.StandardError)] : Array.Empty<string>(), Cell(p.TestLoss)])]);
    }

    private static IEnumerable<ChartSeries> SeriesOf(IReadOnlyList<MetaLearningPoint> points)
    {
        // A loss that was not measured is left out, so that those measured every few meta-steps are still joined by lines.
        var training = points.Where(p => p.TrainingLoss is not null).ToList();
        var test = points.Where(p => p.TestLoss is not null).ToList();
        if (training.Count > 0)
            yield return new("training", SeriesStyle.Training, Steps(training), [.. training.Select(p => p.TrainingLoss!.Value)]);
        if (test.Count > 0)
            yield return new("test", SeriesStyle.Test, Steps(test), [.. test.Select(p => p.TestLoss!.Value)]) { MarksLowest = true };
        yield return new("validation", SeriesStyle.Validation, Steps(points), [.. points.Select(p => p.ValidationLoss.Value)])
        {
            StandardErrors = points.Any(p => p.ValidationLoss.StandardError is not null)
                ? [.. points.Select(p => p.ValidationLoss.StandardError ?? 0)]
                : null,
            MarksLowest = true,
        };
    }

    private static string? Lowest(IReadOnlyList<MetaLearningPoint> points)
    {
        var validation = points.Where(p => double.IsFinite(p.ValidationLoss.Value)).MinBy(p => p.ValidationLoss.Value);
        if (validation is null) return null;
        string text =
            $"Ringed: the lowest validation loss, {Numbers.WithError(validation.ValidationLoss)} at meta-step {validation.MetaStep}";
        var test = points.Where(p => p.TestLoss is { } loss && double.IsFinite(loss)).MinBy(p => p.TestLoss);
        return test is null
            ? text + "."
            : $"{text}, and the lowest test loss, {Numbers.Significant(test.TestLoss!.Value)} at meta-step {test.MetaStep}.";
    }

    private static double[] Steps(IEnumerable<MetaLearningPoint> points) => [.. points.Select(p => (double)p.MetaStep)];

    private static IEnumerable<double> Losses(MetaLearningPoint point) =>
        [point.TrainingLoss ?? double.NaN, point.ValidationLoss.Value, point.TestLoss ?? double.NaN];

    private static string Cell(double? value) => value is { } number ? Numbers.Significant(number) : "–";
}
