using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Hyperparameters without a schedule: a row each where they are few, dots over their number where they are many.</summary>
internal static class ValueSection
{
    private const int MostRows = 32;

    public static void Write(MarkupWriter markup, string identifier, string heading, IReadOnlyList<ValueChangeGroup> groups)
    {
        using var section = Section.Open(markup, identifier, heading, "Hollow marks: before tuning. Filled marks: after.");
        foreach (var group in groups.Where(g => g.Values.Count > 0))
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption")) markup.TextElement("h3", group.Title);
            if (group.Values.Count <= MostRows) DumbbellChart.WriteResponsive(markup, group);
            else WriteDots(markup, group);
            NumberTable.Write(markup, $"Numbers: {group.Title}", ["name", "before", "after"],
                [.. group.Values.Select(v => (string[])[v.Name, Numbers.Significant(v.Before), Numbers.Significant(v.After)])]);
        }
    }

    private static void WriteDots(MarkupWriter markup, ValueChangeGroup group) => LineChart.WriteResponsive(markup,
        new($"{group.Title}, before and after tuning", $"place in the list from {group.Values[0].Name} to {group.Values[^1].Name}",
            group.Quantity, group.Logarithmic,
        [
            ChartSeries.OverSteps("before", SeriesStyle.Before, [.. group.Values.Select(v => v.Before)]) with { IsUnconnected = true },
            ChartSeries.OverSteps("after", SeriesStyle.After, [.. group.Values.Select(v => v.After)]) with { IsUnconnected = true },
        ]));
}
