using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The losses over meta-steps: what the search minimised and what it did to data it never saw.</summary>
internal static class MetaLearningSection
{
    /// <summary>How many times smaller than the lowest validation or test loss a training loss is still drawn.</summary>
    private const double MostBelow = 10;

    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        var points = report.MetaLearning;
        bool hasErrors = points.Any(p => p.ValidationLoss.StandardError is not null);
        using var section = Section.Open(markup, identifier, heading,
            "The validation loss guides the hyperparameters; the test loss judges them. " +
            "When they part, the hyperparameters overfit the validation set." +
            (hasErrors ? " The shaded band is ± one standard error over replicas." : ""));
        double floor = FloorOfTraining(points);
        bool logarithmic = LossScale.IsLogarithmic(points.SelectMany(Losses).Where(loss => loss >= floor));
        const string description = "Training, validation and test loss over meta-steps";
        LineChart.WriteResponsive(markup,
            new(description, "meta-step", "loss", logarithmic, [.. SeriesOf(points, floor)])
            {
                Unit = report.LossUnit,
                Marked = report.BestMetaStep is { } best ? new(best, $"kept: meta-step {best}") : null,
            });
        if (report.BestMetaStep is { } kept) markup.TextElement("p", Kept(points, kept), ("class", "reading"));
        if (Below(points, floor) is { } below) markup.TextElement("p", below, ("class", "reading"));
        if (Lowest(points) is { } lowest) markup.TextElement("p", lowest, ("class", "reading"));
        NumberTable.Write(markup, "Numbers of the meta-learning curve",
            ["meta-step", "training loss", "validation loss", .. hasErrors ? ["standard error"] : Array.Empty<string>(), "test loss"],
            [.. points.Select(p => (string[])
                [Numbers.Integer(p.MetaStep), Cell(p.TrainingLoss), Cell(p.ValidationLoss.Value),
                 .. hasErrors ? [Cell(p.ValidationLoss.StandardError)] : Array.Empty<string>(), Cell(p.TestLoss)])]);
    }

    private static IEnumerable<ChartSeries> SeriesOf(IReadOnlyList<MetaLearningPoint> points, double floor)
    {
        // A loss that was not measured is left out, so that those measured every few meta-steps are still joined by lines.
        var training = points.Where(p => p.TrainingLoss is not null).ToList();
        double[] drawn = [.. training.Select(p => p.TrainingLoss!.Value >= floor ? p.TrainingLoss.Value : double.NaN)];
        var test = points.Where(p => p.TestLoss is not null).ToList();
        if (drawn.Any(double.IsFinite))
            yield return new("training", SeriesStyle.Training, Steps(training), drawn);
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

    // Training losses further below would press flat what the figure is about.
    private static double FloorOfTraining(IReadOnlyList<MetaLearningPoint> points) =>
        points.SelectMany(p => new[] { p.ValidationLoss.Value, p.TestLoss ?? double.NaN })
            .Where(loss => double.IsFinite(loss) && loss > 0).DefaultIfEmpty(0).Min() / MostBelow;

    private static string? Below(IReadOnlyList<MetaLearningPoint> points, double floor)
    {
        double[] below = [.. points.Select(p => p.TrainingLoss).OfType<double>().Where(loss => loss < floor)];
        return below.Length == 0 ? null
            : $"Not drawn: training losses below {Numbers.Significant(floor)}, down to {Numbers.Significant(below.Min())}.";
    }

    private static string Kept(IReadOnlyList<MetaLearningPoint> points, int kept) =>
        $"Marked: meta-step {kept}, the one of the lowest validation loss. Its hyperparameters are kept, and all that this page shows "
        + "as learned, the model and its test are of them"
        + (points.Count > 0 && points[^1].MetaStep > kept ? $", not of the last meta-step, {points[^1].MetaStep}." : ".");

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
