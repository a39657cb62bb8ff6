using Hypergrad.Cli.Reporting.Charts;
using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Sections;

/// <summary>The learned schedules: one chart for one series, small charts side by side for several, quantiles for many.</summary>
internal static class ScheduleSection
{
    private const int MostPanels = 16;
    private const int MostCells = 20_000;

    /// <summary>The bands of the quantile chart: their orders, from the widest to the narrowest.</summary>
    private static readonly (double Low, double High)[] BandOrders = [(0, 1), (0.1, 0.9), (0.25, 0.75)];

    public static void Write(MarkupWriter markup, string identifier, string heading, IReadOnlyList<ScheduleGroup> groups)
    {
        using var section = Section.Open(markup, identifier, heading, "A value for every training step, before and after tuning.");
        for (int i = 0; i < groups.Count; i++)
        {
            using var figure = markup.Element("figure");
            WriteGroup(markup, groups[i], $"{identifier}-{i + 1}");
        }
    }

    private static void WriteGroup(MarkupWriter markup, ScheduleGroup group, string identifier)
    {
        bool hasPanels = group.Series.Count is > 1 and <= MostPanels;
        using (markup.Element("figcaption"))
        {
            markup.TextElement("h3", Capitalised(group.Hyperparameter));
            if (Explanation(group, hasPanels) is { } explanation) markup.TextElement("p", explanation);
        }
        if (hasPanels) WritePanels(markup, group, identifier);
        else WriteSingleChart(markup, group);
        WriteNumbers(markup, group);
    }

    private static string? Explanation(ScheduleGroup group, bool hasPanels)
    {
        if (group.Series.Count == 1) return null;
        if (!hasPanels)
        {
            return $"{group.Series.Count} schedules, {group.Series[0].Name} to {group.Series[^1].Name}. The line is their median; " +
                "the bands hold the middle half, the middle 80 % and all of the tuned ones.";
        }
        var scale = AxisScale.Fit(group.Series.SelectMany(s => s.Before.Concat(s.After)), group.Logarithmic);
        return $"Upwards: {AxisTitle.For(group.Hyperparameter, "", scale)}, on the same axes everywhere. " +
            "Faint: the tuned schedules of all panels.";
    }

    private static void WritePanels(MarkupWriter markup, ScheduleGroup group, string identifier)
    {
        Legend.Write(markup, [Curve("before", SeriesStyle.Before, []), Curve("after", SeriesStyle.After, [])], always: true);
        SmallMultiples.Write(markup, identifier, group);
        LineChart.WriteStride(
            markup, SmallMultiples.Chart(group, [.. group.Series.SelectMany(SmallMultiples.Curves)]), StepEnvelope.FewStretches);
    }

    private static void WriteSingleChart(MarkupWriter markup, ScheduleGroup group)
    {
        IReadOnlyList<double>[] before = [.. group.Series.Select(s => s.Before)], after = [.. group.Series.Select(s => s.After)];
        bool isSingle = group.Series.Count == 1;
        var medianBefore = Curve(isSingle ? "before" : "median before", SeriesStyle.Before, Quantiles.PerStep(before, 0.5));
        var medianAfter = Curve(isSingle ? "after" : "median after", SeriesStyle.After, Quantiles.PerStep(after, 0.5));
        var bands = BandOrders.Select(order => new ChartBand(
            SeriesStyle.After, medianAfter.X, Quantiles.PerStep(after, order.Low), Quantiles.PerStep(after, order.High)));
        var data = new LineChartData($"{group.Hyperparameter} per training step, before and after tuning", "training step",
            group.Hyperparameter, group.Logarithmic, [medianBefore, medianAfter]);
        LineChart.WriteResponsive(markup, isSingle ? data : data with { Bands = [.. bands] });
    }

    private static void WriteNumbers(MarkupWriter markup, ScheduleGroup group)
    {
        string title = $"Numbers of the {group.Hyperparameter} schedules";
        int cells = group.Series.Sum(s => s.Before.Count + s.After.Count);
        if (cells <= MostCells)
        {
            NumberTable.WriteSteps(markup, title, "training step",
                [.. group.Series.SelectMany(s => new[] { ($"{s.Name} before", s.Before), ($"{s.Name} after", s.After) })]);
            return;
        }
        IReadOnlyList<double>[] after = [.. group.Series.Select(s => s.After)];
        double[] orders = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];
        NumberTable.WriteSteps(markup, title + ": quantiles after tuning", "training step",
            [.. orders.Select(order => ($"{order * 100:0} %", (IReadOnlyList<double>)Quantiles.PerStep(after, order)))]);
    }

    private static ChartSeries Curve(string name, SeriesStyle style, IReadOnlyList<double> values) =>
        ChartSeries.OverSteps(name, style, values);

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
