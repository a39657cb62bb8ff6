using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>A folded table with the numbers behind a drawing.</summary>
internal static class NumberTable
{
    private const int MostRows = 1000;

    /// <param name="markup">Where to write.</param>
    /// <param name="title">What the numbers are, such as "Numbers of the meta-learning curve".</param>
    /// <param name="columns">The heads of the columns; the first names the rows.</param>
    /// <param name="rows">One text per column.</param>
    /// <param name="isOpen">Whether it is unfolded, being all there is.</param>
    public static void Write(
        MarkupWriter markup, string title, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, bool isOpen = false)
    {
        int stride = Math.Max(1, (rows.Count + MostRows - 1) / MostRows);
        using var details = isOpen ? markup.Element("details", ("open", "open")) : markup.Element("details");
        markup.TextElement("summary", stride == 1 ? title : $"{title}, one row in {stride}");
        using var scroller = markup.Element("div", ("class", "scroller"), ("tabindex", "0"), ("role", "region"), ("aria-label", title));
        using var table = markup.Element("table", ("class", "numbers"));
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            foreach (string column in columns) markup.TextElement("th", column, ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        for (int i = 0; i < rows.Count; i += stride)
        {
            markup.NewLine();
            using var row = markup.Element("tr");
            markup.TextElement("th", rows[i][0], ("scope", "row"));
            foreach (string cell in rows[i].AsSpan(1)) markup.TextElement("td", cell);
        }
    }

    /// <summary>Values before and after tuning, a row each.</summary>
    public static void WriteChanges(MarkupWriter markup, string title, IReadOnlyList<ValueChange> values) =>
        Write(markup, title, ["name", "before", "after"],
            [.. values.Select(v => (string[])[v.Name, Numbers.Significant(v.Before), Numbers.Significant(v.After)])]);

    /// <summary>Columns of numbers over the steps 0, 1, 2 and so on; a column that has ended shows a dash.</summary>
    public static void WriteSteps(
        MarkupWriter markup, string title, string step, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> columns)
    {
        int steps = columns.Select(c => c.Values.Count).DefaultIfEmpty(0).Max();
        Write(markup, title, [step, .. columns.Select(c => c.Name)], [.. Enumerable.Range(0, steps).Select(t => (string[])
            [Numbers.Integer(t), .. columns.Select(c => t < c.Values.Count ? Numbers.Significant(c.Values[t]) : "–")])]);
    }
}
