using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Very many values of one kind: their histogram, the extremes by name, and the means of classes.</summary>
internal static class DistributionFigure
{
    private const int MostClasses = 32;

    public static void Write(MarkupWriter markup, ValueDistribution distribution, string? numbersFile)
    {
        using var figure = markup.Element("figure");
        using (markup.Element("figcaption"))
        {
            markup.TextElement("h3", distribution.Title);
            bool wasSpread = distribution.Before.Count(count => count > 0) > 1;
            markup.TextElement("p", $"How the {Numbers.Grouped(distribution.Count)} values are spread. Bars: after tuning. "
                + (wasSpread ? "Dashed outline: before." : "Dashed line: before, when all were alike.")
                + (numbersFile is null ? "" : $" {numbersFile} has each of them."));
        }
        Histogram.WriteResponsive(markup, distribution);
        using (markup.Element("div", ("class", "extremes")))
        {
            WriteExtremes(markup, "Lowest", distribution.Lowest);
            WriteExtremes(markup, "Highest", distribution.Highest);
        }
        if (distribution.ClassMeans.Count is > 0 and <= MostClasses)
            DumbbellChart.WriteResponsive(markup, new(
                $"{distribution.Title}: mean of each class", $"mean {distribution.Quantity}", false, distribution.ClassMeans));
        var means = distribution.ClassMeans.Select(mean => mean with { Name = $"mean of {mean.Name}" });
        NumberTable.WriteChanges(markup, $"Numbers: {distribution.Title}", [.. distribution.Quantiles, .. means]);
    }

    private static void WriteExtremes(MarkupWriter markup, string heading, IReadOnlyList<ValueChange> values)
    {
        if (values.Count == 0) return;
        using var table = markup.Element("table", ("class", "list"));
        markup.TextElement("caption", heading);
        using (markup.Element("thead"))
        using (markup.Element("tr"))
        {
            foreach (string head in new[] { "name", "before", "after" }) markup.TextElement("th", head, ("scope", "col"));
        }
        using var body = markup.Element("tbody");
        foreach (var value in values)
        {
            using var row = markup.Element("tr");
            markup.TextElement("th", value.Name, ("scope", "row"));
            markup.TextElement("td", Numbers.Significant(value.Before));
            markup.TextElement("td", Numbers.Significant(value.After));
        }
    }
}
