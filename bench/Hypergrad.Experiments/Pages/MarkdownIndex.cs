using System.Text;

namespace Hypergrad.Experiments.Pages;

/// <summary>Writes the page over all experiments of a documentation folder.</summary>
internal static class MarkdownIndex
{
    private const string Introduction = """
        # The experiments

        What the papers on hypergradients showed, done again with this library, and benchmarks of the field. One command each,
        `./build.sh experiments NAME`, or all of them, `./build.sh experiments all`; without options in a quick form of seconds to minutes,
        with `--full` in the source's size. `--data` takes a folder with MNIST's IDX files; without it digits are generated.

        A *hypergradient* is the gradient of the validation loss after training with respect to something that was chosen before training. A
        *meta-step* trains once, computes it, and changes the choice; it costs as much as four trainings, and every baseline below had as
        many trainings as the method beside it, unless the page says otherwise. Losses are in *nats*: 2.3 is guessing among ten classes, 0
        is certainty. The validation set guides, the test set judges.

        """;

    /// <summary>Writes README.md.</summary>
    public static void Save(string folder, IReadOnlyList<Page> pages)
    {
        Directory.CreateDirectory(folder);
        var text = new StringBuilder(Introduction);
        Section(text, "What was found", "", ["experiment", "in one line", "statements that hold"], pages.Select(page => (string[])
            [Link(page), page.Study.InShort, $"{page.Study.Findings.Count(finding => finding.Holds)} of {page.Study.Findings.Count}"]));
        Section(text, "All statements", "Each is checked by machine in the run itself, against a bound that stands on the page.",
            ["experiment", "statement", "held?", "figures"], pages.SelectMany(page => page.Study.Findings.Select(finding => (string[])
                [Link(page), finding.Claim, finding.Holds ? "yes" : "**no**", finding.Figures])));
        Section(text, "Beside the baselines", "The lower figure wins; less than 2 % apart is level.",
            ["experiment", "method", "baseline", "compared", "method's", "baseline's", "the method"],
            pages.SelectMany(page => page.Study.Contests.Select(contest => (string[])
                [Link(page), contest.Method, contest.Baseline, contest.Quantity, Figures.Of(contest.Ours), Figures.Of(contest.Theirs),
                 contest.Verdict == "wins" ? "wins" : $"**{contest.Verdict}**"])));
        File.WriteAllText(Path.Combine(folder, "README.md"), text.ToString());
    }

    private static void Section(
        StringBuilder text, string title, string caption, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        text.Append($"\n## {title}\n\n{(caption.Length > 0 ? caption + "\n\n" : "")}");
        MarkdownWriter.WriteTable(text, columns, rows);
    }

    private static string Link(Page page) => $"[{page.Name}]({page.Name}.md)";
}
