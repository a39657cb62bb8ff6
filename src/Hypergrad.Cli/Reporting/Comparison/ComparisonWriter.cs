using System.Globalization;
using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;
using Hypergrad.Cli.Reporting.Sections;

namespace Hypergrad.Cli.Reporting.Comparison;

/// <summary>Writes one page of several tunings side by side: their figures, curves, schedules and settings.</summary>
internal static class ComparisonWriter
{
    /// <summary>More curves are not told apart.</summary>
    public const int MostRuns = 8;

    private delegate void SectionBody(MarkupWriter markup, string identifier, string heading);

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to write; the text is to be encoded as UTF-8.</param>
    /// <param name="runs">The tunings, 1 to <see cref="MostRuns"/>.</param>
    /// <param name="version">The version of the program.</param>
    /// <param name="date">When it is written.</param>
    public static void Write(TextWriter output, IReadOnlyList<ComparedRun> runs, string version, DateTimeOffset date)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(runs.Count, MostRuns);
        string title = $"{runs.Count} tunings side by side";
        Page.Write(output, title, markup =>
        {
            using (markup.Element("header"))
            {
                markup.TextElement("p", $"Hypergrad {version} · {date.ToString("d MMMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture)}",
                    ("class", "origin"));
                markup.TextElement("h1", title);
                markup.TextElement("p", string.Join(", ", runs.Select(run => run.Name)), ("class", "summary"));
            }
            (string Identifier, string Heading, SectionBody Write)[] sections = [.. SectionsOf(runs)];
            HeaderSection.WriteContents(markup, sections.Select(section => (section.Identifier, section.Heading)));
            foreach (var (identifier, heading, write) in sections) write(markup, identifier, heading);
        });
    }

    private static IEnumerable<(string Identifier, string Heading, SectionBody Write)> SectionsOf(IReadOnlyList<ComparedRun> runs)
    {
        yield return ("figures", "Figures", (m, id, heading) => FigureTable.Write(m, id, heading, runs));
        foreach (var (identifier, heading, explanation, charts) in ComparedCurves.Of(runs))
            yield return (identifier, heading, (m, id, _) => WriteCharts(m, id, heading, explanation, charts));
        yield return ("settings", "Settings", (m, id, heading) => SettingsTable.Write(m, id, heading, runs));
    }

    private static void WriteCharts(
        MarkupWriter markup, string identifier, string heading, string explanation, IReadOnlyList<LineChartData> charts)
    {
        using var section = Section.Open(markup, identifier, heading, explanation);
        // The heading of the part says which; the charts differ in the unit.
        bool isOneQuantity = charts.Select(chart => chart.Quantity).Distinct().Count() == 1;
        foreach (var chart in charts)
        {
            using var figure = markup.Element("figure");
            if (charts.Count > 1)
                using (markup.Element("figcaption"))
                    markup.TextElement("h3", isOneQuantity && chart.Unit.Length > 0 ? $"in {chart.Unit}" : chart.Quantity);
            LineChart.WriteResponsive(markup, chart);
            NumberTable.WriteSteps(markup, $"Numbers: {chart.Description}", chart.XTitle,
                [.. chart.Series.Select(series => (series.Name, series.Y))]);
        }
    }
}
