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
        var rows = names.Select(name => (Name: name, Values: ValuesOf(runs, name))).ToList();
        rows.Insert(0, ("command line", [.. runs.Select(run => run.Report.CommandLine)]));
        using var scroller = markup.Element("div", ("class", "scroller"), ("tabindex", "0"), ("role", "region"), ("aria-label", heading));
        using var table = markup.Element("table", ("class", "numbers settings"));
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            markup.TextElement("th", "setting", ("scope", "col"));
            foreach (var run in runs) markup.TextElement("th", run.Name, ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        foreach (var (name, values) in rows.OrderBy(row => row.Values.Distinct().Count() == 1))
        {
            markup.NewLine();
            using var row = markup.Element("tr", ("class", values.Distinct().Count() == 1 ? "same" : "different"));
            markup.TextElement("th", name, ("scope", "row"));
            foreach (string value in values) markup.TextElement("td", value);
        }
    }

    private static string[] ValuesOf(IReadOnlyList<ComparedRun> runs, string name) =>
        [.. runs.Select(run => run.Report.Configuration.FirstOrDefault(setting => setting.Name == name)?.Value ?? "–")];
}
