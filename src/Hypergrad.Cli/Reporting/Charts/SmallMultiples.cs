using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>
/// One small chart per series, all on the same axes. Each shows its series before and after, over faint curves of all the others,
/// so that any two can be compared without a legend of many colours.
/// </summary>
internal static class SmallMultiples
{
    /// <param name="markup">Where to write.</param>
    /// <param name="identifier">Unique on the page; the faint curves are drawn once under this name and reused.</param>
    /// <param name="group">The schedules, one panel each.</param>
    public static void Write(MarkupWriter markup, string identifier, ScheduleGroup group)
    {
        // Rows of three where that leaves fewer holes than rows of four.
        using var panels = markup.Element("div", ("class", group.Series.Count is 2 or 3 or 5 or 6 or 9 ? "panels three" : "panels"));
        var all = StepEnvelope.Condense(Chart(group, [.. group.Series.SelectMany(Curves)]), StepEnvelope.FewStretches);
        for (int i = 0; i < group.Series.Count; i++) WritePanel(markup, identifier, group, i, all);
    }

    /// <summary>The curves of some panels as one chart.</summary>
    public static LineChartData Chart(ScheduleGroup group, IReadOnlyList<ChartSeries> curves) =>
        new("", "training step", "", group.Logarithmic, curves);

    private static void WritePanel(MarkupWriter markup, string identifier, ScheduleGroup group, int index, LineChartData all)
    {
        var layout = ChartLayout.Panel;
        var series = group.Series[index];
        using var svg = SvgDrawing.Open(markup, layout.StyleClass, layout.Width, layout.Height, layout.FontSize,
            $"{group.Hyperparameter} of {series.Name} per training step, before and after tuning");
        // All panels have the axes of all series: the same frame, pixel for pixel.
        var frame = Axes.Draw(markup, layout, all);
        if (index == 0) DrawGhosts(markup, identifier, frame, group);
        else markup.EmptyElement("use", ("href", "#" + identifier));
        var data = StepEnvelope.Condense(Chart(group, [.. Curves(series)]), StepEnvelope.FewStretches);
        foreach (var band in data.Bands) LineChart.DrawBand(markup, frame, band);
        foreach (var curve in data.Series) LineChart.DrawSeries(markup, frame, curve);
        markup.TextElement("text", series.Name,
            ("x", Numbers.Coordinate(frame.Left)), ("y", Numbers.Coordinate(1.1 * layout.FontSize)), ("class", "panel-title"));
        Readouts.Draw(markup, frame, layout, all with { Series = data.Series });
    }

    private static void DrawGhosts(MarkupWriter markup, string identifier, PlotFrame frame, ScheduleGroup group)
    {
        using var ghosts = markup.Element("g", ("id", identifier));
        foreach (var series in group.Series)
        {
            var curve = StepEnvelope.Condense(ChartSeries.OverSteps("", SeriesStyle.After, series.After), StepEnvelope.FewStretches);
            markup.EmptyElement("path", ("d", CurvePath.Line(frame, curve.X, curve.Y)), ("class", "ghost"));
        }
    }

    /// <summary>A series before and after tuning.</summary>
    public static IEnumerable<ChartSeries> Curves(ScheduleSeries series) =>
    [
        ChartSeries.OverSteps("before", SeriesStyle.Before, series.Before),
        ChartSeries.OverSteps("after", SeriesStyle.After, series.After),
    ];
}
