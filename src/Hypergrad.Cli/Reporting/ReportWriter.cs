using Hypergrad.Cli.Reporting.Markup;
using Hypergrad.Cli.Reporting.Sections;

namespace Hypergrad.Cli.Reporting;

/// <summary>Writes the report of a tuning run.</summary>
internal static class ReportWriter
{
    private delegate void SectionBody(MarkupWriter markup, string identifier, string heading);

    /// <summary>Writes the page; the text is to be encoded as UTF-8.</summary>
    public static void Write(TextWriter output, TuningReport report) =>
        Page.Write(output, report.Title, markup => WriteBody(markup, report));

    private static void WriteBody(MarkupWriter markup, TuningReport report)
    {
        (string Identifier, string Heading, SectionBody Write)[] sections = [.. SectionsOf(report)];
        HeaderSection.Write(markup, report);
        HeadlineSection.Write(markup, report);
        HeaderSection.WriteContents(markup, sections.Select(s => (s.Identifier, s.Heading)));
        foreach (var (identifier, heading, write) in sections) write(markup, identifier, heading);
    }

    private static IEnumerable<(string Identifier, string Heading, SectionBody Write)> SectionsOf(TuningReport report)
    {
        if (report.MetaLearning.Count > 0)
            yield return ("meta-learning", "Meta-learning curve", (m, id, heading) => MetaLearningSection.Write(m, id, heading, report));
        if (report.Baseline is { } baseline)
            yield return ("baseline", "Baseline", (m, id, heading) => BaselineSection.Write(m, id, heading, baseline, report.LossUnit));
        if (report.ElementaryLearning is { } curves)
        {
            yield return ("elementary-learning", "Elementary learning curves",
                (m, id, heading) => ElementarySection.Write(m, id, heading, curves, report.LossUnit));
        }
        ScheduleGroup[] schedules = [.. report.Schedules.Where(group => group.Series.Count > 0)];
        if (schedules.Length > 0)
            yield return ("schedules", "Learned schedules", (m, id, heading) => ScheduleSection.Write(m, id, heading, schedules));
        if (report.Values.Any(group => group.Values.Count > 0) || report.Distributions.Count > 0)
            yield return ("values", "Learned values", (m, id, heading) => ValueSection.Write(m, id, heading, report));
        if (report.Matrices.Any(matrix => matrix.Rows.Count > 0))
            yield return ("targets", "Learned targets", (m, id, heading) => MatrixSection.Write(m, id, heading, report));
        if (report.Images.Any(group => group.Images.Count > 0))
            yield return ("images", "Learned images", (m, id, heading) => ImageSection.Write(m, id, heading, report));
        if (report.Confusions.Count > 0)
            yield return ("confusion", "Confusion matrix", (m, id, heading) => ConfusionSection.Write(m, id, heading, report));
        if (report.WorstExamples.Any(worst => worst.Examples.Count > 0))
            yield return ("worst", "Worst examples", (m, id, heading) => WorstExamplesSection.Write(m, id, heading, report));
        yield return ("configuration", "Configuration", (m, id, heading) => ConfigurationSection.Write(m, id, heading, report));
    }
}
