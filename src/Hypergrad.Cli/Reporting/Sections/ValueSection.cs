using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>Hyperparameters without a schedule: a row each where they are few, a histogram where they are many.</summary>
internal static class ValueSection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        ValueChangeGroup[] groups = [.. report.Values.Where(group => group.Values.Count > 0)];
        using var section = Section.Open(
            markup, identifier, heading, groups.Length > 0 ? "Hollow marks: before tuning. Filled marks: after." : null);
        foreach (var group in groups)
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption")) markup.TextElement("h3", group.Title);
            DumbbellChart.WriteResponsive(markup, group);
            NumberTable.WriteChanges(markup, $"Numbers: {group.Title}", group.Values);
        }
        foreach (var distribution in report.Distributions) DistributionFigure.Write(markup, distribution, report.NumbersFile);
    }
}
