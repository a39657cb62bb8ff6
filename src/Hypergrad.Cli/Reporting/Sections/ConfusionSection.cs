using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Which classes the kept model takes for which: a table of few classes, colours and the worst pairs of many.</summary>
internal static class ConfusionSection
{
    private const int MostTabled = 20, MostPairs = 20;

    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        using var section = Section.Open(markup, identifier, heading,
            "How the kept model classifies the examples that it was not trained on. "
            + "A row for each right class, a column for each predicted one; what lies off the diagonal are errors.");
        foreach (var confusion in report.Confusions)
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption"))
            {
                markup.TextElement("h3", $"{char.ToUpperInvariant(confusion.Part[0])}{confusion.Part[1..]}");
                markup.TextElement("p", $"{Numbers.Grouped(confusion.Total)} examples, "
                    + $"{Numbers.Significant(100 * confusion.Accuracy)} % of them right.");
            }
            if (confusion.Classes.Count <= MostTabled)
            {
                WriteTable(markup, confusion);
                continue;
            }
            WriteColours(markup, confusion);
            WritePairs(markup, confusion);
        }
    }

    private static void WriteTable(MarkupWriter markup, Confusion confusion)
    {
        using var scroller = markup.Element("div", ("class", "scroller"), ("tabindex", "0"), ("role", "region"),
            ("aria-label", $"Confusion matrix, {confusion.Part}"));
        using var table = markup.Element("table", ("class", "numbers confusion"));
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            markup.TextElement("th", "right ↓ predicted →", ("scope", "col"));
            foreach (string name in confusion.Classes) markup.TextElement("th", name, ("scope", "col"));
            markup.TextElement("th", "recall", ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        for (int right = 0; right < confusion.Classes.Count; right++) WriteRow(markup, confusion, right);
    }

    private static void WriteRow(MarkupWriter markup, Confusion confusion, int right)
    {
        markup.NewLine();
        using var row = markup.Element("tr");
        markup.TextElement("th", confusion.Classes[right], ("scope", "row"));
        long total = confusion.Counts[right].Sum();
        for (int predicted = 0; predicted < confusion.Classes.Count; predicted++)
        {
            long count = confusion.Counts[right][predicted];
            // Few errors are to be seen beside many hits: the root brings them nearer.
            string share = Numbers.Significant(Math.Round(total == 0 ? 0 : Math.Sqrt(count / (double)total), 2));
            markup.TextElement("td", count == 0 ? "·" : Numbers.Integer(count),
                ("class", right == predicted ? "hit" : "miss"), ("style", $"--share: {share}"));
        }
        double recall = Math.Round(100.0 * confusion.Counts[right][right] / total, 1);
        markup.TextElement("td", total == 0 ? "–" : $"{Numbers.Significant(recall)} %");
    }

    private static void WriteColours(MarkupWriter markup, Confusion confusion)
    {
        double[][] shares = [.. confusion.Counts.Select(row => (double[])
            [.. row.Select(count => row.Sum() is > 0 and var total ? count / (double)total : double.NaN)])];
        var scale = AxisScale.Linear(0, 1);
        ColourBar.Write(markup, "share of the right class", ImagePalette.Sequential, scale);
        HeatMap.WriteResponsive(markup, new($"Confusion matrix, {confusion.Part}", "right class by row", "predicted class by column",
            confusion.Classes, confusion.Classes, shares), ImagePalette.Sequential, scale);
    }

    private static void WritePairs(MarkupWriter markup, Confusion confusion)
    {
        var pairs = from right in Enumerable.Range(0, confusion.Classes.Count)
                    from predicted in Enumerable.Range(0, confusion.Classes.Count)
                    where right != predicted && confusion.Counts[right][predicted] > 0
                    orderby confusion.Counts[right][predicted] descending
                    select (string[])[confusion.Classes[right], confusion.Classes[predicted],
                        Numbers.Integer(confusion.Counts[right][predicted])];
        NumberTable.Write(markup, $"The most frequent confusions, {confusion.Part}", ["right class", "predicted class", "examples"],
            [.. pairs.Take(MostPairs)]);
    }
}
