using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>What was run: the command line that repeats it and every setting in words.</summary>
internal static class ConfigurationSection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        using var section = Section.Open(markup, identifier, heading);
        using (markup.Element(
            "pre", ("class", "command"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Command line")))
        using (markup.Element("code"))
            CommandText.Write(markup, report.CommandLine);
        if (report.Configuration.Count == 0) return;
        using var table = markup.Element("table", ("class", "configuration"));
        using var body = markup.Element("tbody");
        foreach (var setting in report.Configuration)
        {
            using var row = markup.Element("tr");
            markup.TextElement("th", setting.Name, ("scope", "row"));
            markup.TextElement("td", setting.Value);
        }
    }
}
