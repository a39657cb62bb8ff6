using System.Globalization;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The title, what was run when, and the notes a reader must not miss.</summary>
internal static class HeaderSection
{
    public static void Write(MarkupWriter markup, TuningReport report)
    {
        using var header = markup.Element("header");
        string date = report.Date.ToString("d MMMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture);
        markup.TextElement("p", $"Hypergrad {report.Version} · {date}", ("class", "origin"));
        markup.TextElement("h1", report.Title);
        if (report.Summary is { } summary) markup.TextElement("p", summary, ("class", "summary"));
        foreach (var note in report.Notes) WriteNote(markup, note);
    }

    public static void WriteContents(MarkupWriter markup, IEnumerable<(string Identifier, string Heading)> sections)
    {
        using var navigation = markup.Element("nav", ("aria-label", "Contents"));
        foreach (var (identifier, heading) in sections) markup.TextElement("a", heading, ("href", "#" + identifier));
    }

    private static void WriteNote(MarkupWriter markup, ReportNote note)
    {
        bool isWarning = note.Kind == NoteKind.Warning;
        using var box = markup.Element("p", ("class", isWarning ? "note warning" : "note"));
        markup.TextElement("strong", isWarning ? "Warning" : "Note");
        markup.Text(" " + note.Text);
    }
}
