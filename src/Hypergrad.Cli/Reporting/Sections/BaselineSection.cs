using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>A baseline at equal cost: its best figures beside those of the tuning, and how both came down with the trainings.</summary>
internal static class BaselineSection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, BaselineComparison baseline, string lossUnit)
    {
        using var section = Section.Open(markup, identifier, heading,
            $"What {baseline.Name} over constants led to in {Numbers.Grouped(baseline.Trainings)} trainings, the cost of the tuning. "
            + baseline.HowCounted);
        markup.TextElement("p", baseline.Best is { } best
            ? $"Its best: {best}." + (baseline.Diverged > 0 ? $" {baseline.Diverged} of its trainings diverged." : "")
            : "All of its trainings diverged.");
        using (markup.Element("table", ("class", "list baseline")))
        {
            using (markup.Element("thead"))
            using (markup.Element("tr"))
                foreach (string head in new[] { "figure", baseline.Name, "tuned" }) markup.TextElement("th", head, ("scope", "col"));
            using var body = markup.Element("tbody");
            foreach (var figure in baseline.Figures) WriteFigure(markup, figure);
        }
        ChartSeries[] series =
        [
            Series(baseline.Name, SeriesStyle.Before, baseline.Curve), Series("tuned", SeriesStyle.After, baseline.TuningCurve),
        ];
        bool logarithmic = LossScale.IsLogarithmic(series.SelectMany(one => one.Y));
        LineChart.WriteResponsive(markup, new(
            $"The lowest validation loss so far over trainings, of {baseline.Name} and of the tuning", "trainings",
            "lowest validation loss so far", logarithmic, series)
        { Unit = lossUnit });
        WriteNumbers(markup, baseline);
    }

    private static void WriteNumbers(MarkupWriter markup, BaselineComparison baseline)
    {
        string At(IReadOnlyList<CurvePoint> curve, double trainings) =>
            curve.Where(point => point.X == trainings).Select(point => Numbers.Significant(point.Y)).FirstOrDefault("–");
        double[] places = [.. baseline.Curve.Concat(baseline.TuningCurve).Select(point => point.X).Distinct().Order()];
        NumberTable.Write(markup, "Numbers of the comparison with the baseline", ["trainings", baseline.Name, "tuned"],
            [.. places.Select(place => (string[])
                [Numbers.Significant(place), At(baseline.Curve, place), At(baseline.TuningCurve, place)])]);
    }

    private static void WriteFigure(MarkupWriter markup, HeadlineFigure figure)
    {
        using var row = markup.Element("tr");
        markup.TextElement("th", figure.Unit.Length > 0 ? $"{figure.Name}, {figure.Unit}" : figure.Name, ("scope", "row"));
        markup.TextElement("td", Numbers.WithError(figure.Before));
        markup.TextElement("td", Numbers.WithError(figure.After));
    }

    private static ChartSeries Series(string name, SeriesStyle style, IReadOnlyList<CurvePoint> points) =>
        new(name, style, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
}
