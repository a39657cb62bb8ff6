using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>
/// Numbers for every example and class, as matrices in colours: an example a row, and of many examples the means of classes.
/// </summary>
internal static class MatrixSection
{
    private const int MostRows = 320, MostNamedRows = 40;
    private const double SmallShare = 0.05;

    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        using var section = Section.Open(markup, identifier, heading,
            "A row for each example, a column for each class; examples of one class lie together. "
            + "Before tuning, each row had nearly all of its weight in the class that the data gives it.");
        foreach (var matrix in report.Matrices.Where(m => m.Rows.Count > 0))
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption"))
            {
                markup.TextElement("h3", matrix.Title);
                markup.TextElement("p", Explanation(matrix));
            }
            var scale = ScaleOf(matrix);
            ColourBar.Write(markup, matrix.Quantity, ImagePalette.Sequential, scale);
            HeatMap.WriteResponsive(markup, Examples(matrix), ImagePalette.Sequential, scale);
            if (matrix.Rows.Count > MostNamedRows)
            {
                markup.TextElement("h4", "Mean over the examples of each class");
                HeatMap.WriteResponsive(markup, Means(matrix), ImagePalette.Sequential, scale);
            }
            NumberTable.Write(markup, $"Numbers: {matrix.Title}", ["example", .. matrix.Classes],
                [.. matrix.Rows.Select(row => (string[])
                    [$"{row.Example}, class {matrix.Classes[row.Class]}", .. row.Values.Select(Numbers.Significant)])]);
            if (report.NumbersFile is { } file) markup.TextElement("p", $"{file} has each of them.", ("class", "reading"));
        }
    }

    // Where nearly all of each row is in its class still, what the others have is told apart by its ratios alone.
    private static AxisScale ScaleOf(ExampleMatrix matrix)
    {
        double[] others = [.. matrix.Rows.SelectMany(row => row.Values.Where((_, c) => c != row.Class))];
        return others.Length > 0 && others.Min() > 0 && Quantiles.Of(others, 0.95) < SmallShare
            ? AxisScale.Logarithm(Math.Max(others.Min(), 1e-6), 1)
            : AxisScale.Linear(0, 1);
    }

    private static string Explanation(ExampleMatrix matrix) => matrix.Rows.Count <= MostRows
        ? $"{matrix.Rows.Count} {(matrix.Rows.Count == 1 ? "example" : "examples")}. A dot marks the class that the data gives."
        : $"{Numbers.Grouped(matrix.Rows.Count)} examples, of which {Shown(matrix).Count} are drawn, evenly from every class.";

    private static HeatMapData Examples(ExampleMatrix matrix)
    {
        var shown = Shown(matrix);
        bool areNamed = shown.Count <= MostNamedRows;
        string NameOf(ExampleRow row) => areNamed ? $"{row.Example}: {matrix.Classes[row.Class]}" : matrix.Classes[row.Class];
        return new($"{matrix.Title}: a row for each example, a column for each class",
            areNamed ? "rows: number of the example, its class" : "rows by class", "class",
            [.. shown.Select(NameOf)], matrix.Classes, [.. shown.Select(row => row.Values)])
        {
            Marks = [.. shown.Select(row => row.Class)],
        };
    }

    private static HeatMapData Means(ExampleMatrix matrix)
    {
        var classes = matrix.Rows.GroupBy(row => row.Class).OrderBy(group => group.Key).ToArray();
        return new($"{matrix.Title}: the mean of each class", "", "class", [.. classes.Select(group => matrix.Classes[group.Key])],
            matrix.Classes, [.. classes.Select(group => (IReadOnlyList<double>)
                [.. matrix.Classes.Select((_, c) => group.Average(row => row.Values[c]))])])
        {
            Marks = [.. classes.Select(group => group.Key)],
        };
    }

    private static List<ExampleRow> Shown(ExampleMatrix matrix)
    {
        var sorted = matrix.Rows.OrderBy(row => row.Class).ToList();
        return sorted.Count <= MostRows ? sorted
            : [.. Enumerable.Range(0, MostRows).Select(i => sorted[(int)((long)i * sorted.Count / MostRows)])];
    }
}
