using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The examples at which the kept model does worst: what to look at first in the data.</summary>
internal static class WorstExamplesSection
{
    public static void Write(MarkupWriter markup, string identifier, string heading, TuningReport report)
    {
        using var section = Section.Open(markup, identifier, heading,
            "The examples of the highest loss under the kept model. Wrong labels and unusual examples are found among them.");
        foreach (var worst in report.WorstExamples.Where(w => w.Examples.Count > 0))
        {
            using var figure = markup.Element("figure");
            using (markup.Element("figcaption"))
                markup.TextElement("h3", $"The worst {worst.Examples.Count} of {Numbers.Grouped(worst.Count)} {worst.Part} examples");
            if (worst.Pictures is { } pictures) ImageGrid.Write(markup, pictures);
            string loss = worst.LossUnit.Length > 0 ? $"loss, {worst.LossUnit}" : "loss";
            NumberTable.Write(markup, $"Numbers of the worst {worst.Part} examples", ["example", "right", "predicted", loss],
                [.. worst.Examples.Select(example => (string[])
                    [Numbers.Integer(example.Number), example.Right, example.Predicted, Numbers.Significant(example.Loss)])],
                isOpen: worst.Pictures is null);
        }
    }
}
