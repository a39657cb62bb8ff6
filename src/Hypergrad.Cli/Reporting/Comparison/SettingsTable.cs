using Hypergrad.Cli.Reporting.Markup;
using Hypergrad.Cli.Reporting.Sections;

namespace Hypergrad.Cli.Reporting.Comparison;

/// <summary>The settings of several tunings, those in which they differ first.</summary>
internal static class SettingsTable
{
    public static void Write(MarkupWriter markup, string identifier, string heading, IReadOnlyList<ComparedRun> runs)
    {
        using var section = Section.Open(
            markup, identifier, heading, "Those in which the tunings differ come first; the others are muted.");
        string[] names = [.. runs.SelectMany(run => run.Report.Configuration).Select(setting => setting.Name).Distinct()];
        var rows = names.Select(name => new Row(name, ValuesOf(runs, name), static (cell, value) => cell.Text(value)))
            .Prepend(new Row("command line", [.. runs.Select(run => run.Report.CommandLine)], CommandText.Write));
        using var scroller = markup.Element(
            "div", ("class", "scroller whole"), ("tabindex", "0"), ("role", "region"), ("aria-label", heading));
        using var table = markup.Element("table", ("class", "numbers settings"));
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            markup.TextElement("th", "setting", ("scope", "col"));
            foreach (var run in runs) markup.TextElement("th", run.Name, ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        foreach (var row in rows.OrderBy(row => row.IsSame))
        {
            markup.NewLine();
            using var line = markup.Element("tr", ("class", row.IsSame ? "same" : "different"));
            markup.TextElement("th", row.Name, ("scope", "row"));
            foreach (string value in row.Values)
                using (markup.Element("td"))
                    row.Write(markup, value);
        }
    }

    private static string[] ValuesOf(IReadOnlyList<ComparedRun> runs, string name) =>
        [.. runs.Select(run => run.Report.Configuration.FirstOrDefault(setting => setting.Name == name)?.Value ?? "–")];

    private sealed record Row(string Name, string[] Values, Action<MarkupWriter, string> Write)
    {
        public bool IsSame => Values.Distinct().Count() == 1;
    }
}
