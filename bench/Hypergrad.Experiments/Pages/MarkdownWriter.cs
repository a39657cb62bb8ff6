using System.Text;

namespace Hypergrad.Experiments.Pages;

/// <summary>Writes a page as Markdown with its pictures as SVG files, for a documentation folder.</summary>
internal static class MarkdownWriter
{
    public static void Save(string folder, Page page)
    {
        Directory.CreateDirectory(folder);
        var text = new StringBuilder($"# {page.Experiment.Title}\n\n{page.Experiment.Source}\n\n");
        text.Append($"**What the source found.** {page.Experiment.SourceFound}\n\n**What we found.** {page.Study.Ours}\n\n");
        text.Append($"**On what.** {page.Study.Setting}\n\n");
        foreach (var finding in page.Study.Findings)
            text.Append($"- **{(finding.Holds ? "Holds" : "Differs")}**: {finding.Claim} {finding.Figures}\n");
        foreach (var contest in page.Study.Contests)
            text.Append($"- **{PageWriter.Capitalised(contest.Verdict)}**: {PageWriter.Describe(contest)}\n");
        int number = 0;
        foreach (var block in page.Study.Blocks)
        {
            text.Append($"\n## {block.Title}\n\n{(block.Caption.Length > 0 ? block.Caption + "\n\n" : "")}");
            if (block is Picture picture)
            {
                string name = $"{page.Name}-{++number}.svg";
                File.WriteAllText(Path.Combine(folder, name), Standalone(picture.Draw(PictureWidth.Wide)));
                text.Append($"![{block.Title}]({name})\n");
            }
            else if (block is FigureTable table)
                WriteTable(text, table.Columns, table.Rows);
        }
        text.Append("\n## How it was run\n\n");
        WriteTable(text, ["", ""], page.Facts.Select(fact => (string[])[fact.Name, fact.Value]));
        text.Append("\n[All experiments](README.md), with the words that these pages use.\n");
        File.WriteAllText(Path.Combine(folder, page.Name + ".md"), text.ToString());
    }

    // On its own, a picture brings its colours with it, and a ground to stand on.
    private static string Standalone(string svg)
    {
        int opened = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return $"{svg[..opened]}<style>{Theme.Variables}</style><rect width=\"100%\" height=\"100%\" style=\"fill: var(--paper)\"/>"
            + $"{svg[opened..]}\n";
    }

    /// <summary>A table; cells may hold Markdown.</summary>
    public static void WriteTable(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        text.Append($"| {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat("---|", columns.Count))}\n");
        foreach (string[] row in rows)
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
    }
}
