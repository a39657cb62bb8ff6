using Hypergrad.Cli.Reporting.Markup;
using Hypergrad.Cli.Reporting.Sections;

namespace Hypergrad.Cli.Reporting.Comparison;

/// <summary>The figures of several tunings: a row for each figure, a column for each tuning, the best of a row marked.</summary>
internal static class FigureTable
{
    public static void Write(MarkupWriter markup, string identifier, string heading, IReadOnlyList<ComparedRun> runs)
    {
        using var section = Section.Open(markup, identifier, heading,
            "After tuning, and before in small. ★ marks the best of a row; beside standard errors, a small lead may be chance.");
        using var scroller = markup.Element(
            "div", ("class", "scroller whole"), ("tabindex", "0"), ("role", "region"), ("aria-label", heading));
        using var table = markup.Element("table", ("class", "numbers comparison"));
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            markup.TextElement("th", "figure", ("scope", "col"));
            foreach (var run in runs) markup.TextElement("th", run.Name, ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        foreach (var figure in runs.SelectMany(run => run.Report.Headlines).DistinctBy(figure => (figure.Name, figure.Unit)))
            WriteFigure(markup, figure, runs);
        foreach (var figure in runs.SelectMany(run => run.Report.Baseline?.Figures ?? []).Select(figure => figure.Name).Distinct())
            WriteRow(markup, $"random search: {figure}", runs, run => BaselineText(run, figure));
        WriteRow(markup, "kept meta-step", runs, run => run.BestMetaStep is { } best ? Numbers.Integer(best) : "–");
        WriteRow(markup, "time, s", runs, run => run.Seconds is { } seconds ? Numbers.Significant(seconds) : "–");
    }

    private static void WriteFigure(MarkupWriter markup, HeadlineFigure figure, IReadOnlyList<ComparedRun> runs)
    {
        HeadlineFigure?[] all = [.. runs.Select(run =>
            run.Report.Headlines.FirstOrDefault(other => other.Name == figure.Name && other.Unit == figure.Unit))];
        double[] values = [.. all.OfType<HeadlineFigure>().Select(one => one.After.Value).Where(double.IsFinite)];
        double best = values.Length < 2 ? double.NaN : figure.HigherIsBetter ? values.Max() : values.Min();
        markup.NewLine();
        using var row = markup.Element("tr");
        markup.TextElement("th", figure.Unit.Length > 0 ? $"{figure.Name}, {figure.Unit}" : figure.Name, ("scope", "row"));
        foreach (var one in all)
        {
            bool isBest = one is not null && one.After.Value == best;
            using var cell = markup.Element("td", ("class", isBest ? "best" : "other"));
            if (one is null)
            {
                markup.Text("–");
                continue;
            }
            markup.Text((isBest ? "★ " : "") + Numbers.WithError(one.After));
            markup.TextElement("span", "before " + Numbers.WithError(one.Before), ("class", "from"));
        }
    }

    private static string BaselineText(TuningReport run, string figure) =>
        run.Baseline?.Figures.FirstOrDefault(one => one.Name == figure) is { } found ? Numbers.WithError(found.Before) : "–";

    private static void WriteRow(MarkupWriter markup, string name, IReadOnlyList<ComparedRun> runs, Func<TuningReport, string> text)
    {
        using var row = markup.Element("tr");
        markup.TextElement("th", name, ("scope", "row"));
        foreach (var run in runs) markup.TextElement("td", text(run.Report));
    }
}
