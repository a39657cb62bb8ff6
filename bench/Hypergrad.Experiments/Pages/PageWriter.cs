using System.Net;
using System.Text;
using Hypergrad.Experiments.Running;

namespace Hypergrad.Experiments.Pages;

/// <summary>Writes a page as one HTML file that needs nothing beside it.</summary>
internal static class PageWriter
{
    /// <summary>Forbids the page to load anything.</summary>
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    /// <summary>Writes the page of an experiment.</summary>
    public static void Save(string path, Page page)
    {
        var body = new StringBuilder();
        WriteHead(body, page);
        foreach (var block in page.Study.Blocks)
            Section(body, block.Title, section => WriteBlock(section, block));
        Section(body, "How it was run", section =>
            WriteTable(section, ["", ""], page.Facts.Select(fact => (string[])[fact.Name, fact.Value]), hasHead: false));
        Save(path, page.Experiment.Title, body.ToString());
    }

    /// <summary>Writes a page of a title and the body given.</summary>
    public static void Save(string path, string title, string body) => File.WriteAllText(path, $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="{Policy}"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/>
        <title>{Escape(title)} · Hypergrad</title><style>
        {PageStyle.Text}</style></head>
        <body><main>
        {body}</main></body></html>

        """);

    /// <summary>A paragraph.</summary>
    public static void Paragraph(StringBuilder body, string text, string style = "") =>
        body.Append("<p").Append(style.Length > 0 ? $" class=\"{style}\"" : "").Append('>').Append(Escape(text)).Append("</p>\n");

    /// <summary>A comparison with a baseline, as a sentence without its verdict.</summary>
    public static string Describe(Contest contest) =>
        $"{Capitalised(contest.Method)}, against {contest.Baseline}: {contest.Quantity} {Figures.Of(contest.Ours)} and "
            + $"{Figures.Of(contest.Theirs)}.";

    /// <summary>Text that begins a sentence.</summary>
    public static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Text as it may stand in a page.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static void WriteHead(StringBuilder body, Page page)
    {
        Paragraph(body, "Hypergrad: the experiments", "caption");
        body.Append($"<h1>{Escape(page.Experiment.Title)}</h1>\n");
        Paragraph(body, page.Experiment.Source, "caption");
        Section(body, "What the source found", section => Paragraph(section, page.Experiment.SourceFound));
        Section(body, "What we found", section =>
        {
            Paragraph(section, page.Study.Ours);
            Paragraph(section, page.Study.Setting, "caption");
            foreach (var finding in page.Study.Findings)
                section.Append($"<p class=\"finding{(finding.Holds ? "" : " differs")}\"><strong>{(finding.Holds ? "Holds" : "Differs")}")
                    .Append($"</strong>: {Escape(finding.Claim)}<br/><span class=\"caption\">{Escape(finding.Figures)}</span></p>\n");
            foreach (var contest in page.Study.Contests)
                section.Append($"<p class=\"finding{(contest.Verdict == "wins" ? "" : " differs")}\"><strong>")
                    .Append($"{Capitalised(contest.Verdict)}</strong>: {Escape(Describe(contest))}</p>\n");
        });
    }

    private static void WriteBlock(StringBuilder body, Block block)
    {
        if (block.Caption.Length > 0)
            Paragraph(body, block.Caption, "caption");
        if (block is Picture picture)
            foreach (var width in Enum.GetValues<PictureWidth>())
                body.Append($"<div class=\"{(width == PictureWidth.Wide ? "wide" : "narrow")}\" role=\"img\" ")
                    .Append($"aria-label=\"{Escape(picture.Title)}\">{picture.Draw(width)}</div>\n");
        else if (block is FigureTable table)
            WriteTable(body, table.Columns, table.Rows, hasHead: true);
    }

    private static void WriteTable(StringBuilder body, IReadOnlyList<string> columns, IEnumerable<string[]> rows, bool hasHead)
    {
        body.Append("<div class=\"scroller\"><table>");
        if (hasHead)
            body.Append($"<tr>{string.Concat(columns.Select(column => $"<th>{Escape(column)}</th>"))}</tr>");
        foreach (string[] row in rows)
            body.Append($"<tr><th>{Escape(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{Escape(cell)}</td>"))}</tr>\n");
        body.Append("</table></div>\n");
    }

    private static void Section(StringBuilder body, string heading, Action<StringBuilder> write)
    {
        body.Append($"<section><h2>{Escape(heading)}</h2>\n");
        write(body);
        body.Append("</section>\n");
    }
}
