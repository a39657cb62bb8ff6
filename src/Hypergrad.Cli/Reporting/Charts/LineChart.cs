using Hypergrad.Cli.Reporting.Markup;

namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Draws curves over steps, with bands for standard errors and quantiles.</summary>
internal static class LineChart
{
    /// <summary>Series of at most this many points show each point as a dot.</summary>
    private const int MostDottedPoints = 40;

    /// <summary>The chart for wide and for narrow pages; the style sheet shows one of them.</summary>
    public static void WriteResponsive(MarkupWriter markup, LineChartData data)
    {
        var condensed = StepEnvelope.Condense(data);
        Legend.Write(markup, data.Series);
        Write(markup, ChartLayout.Wide, condensed);
        Write(markup, ChartLayout.Narrow, condensed);
        WriteStride(markup, data);
    }

    /// <summary>Says what each point of a condensed chart stands for.</summary>
    public static void WriteStride(MarkupWriter markup, LineChartData data, int stretches = StepEnvelope.Stretches)
    {
        if (StepEnvelope.StrideOf(data, stretches) is var stride and > 1)
            markup.TextElement("p", $"Each point stands for {stride} steps: the line is their median, "
                + (data.Bands.Count > 0 ? "and the bands go as far as theirs do." : "the bands hold the middle half and all of them."),
                ("class", "reading"));
    }

    public static void Write(MarkupWriter markup, ChartLayout layout, LineChartData data)
    {
        using var svg = SvgDrawing.Open(markup, layout.StyleClass, layout.Width, layout.Height, layout.FontSize, data.Description);
        var frame = Axes.Draw(markup, layout, data);
        if (frame.Vertical.IsEmpty)
        {
            markup.TextElement("text", "No finite values to draw.", ("x", Px((frame.Left + frame.Right) / 2)),
                ("y", Px((frame.Top + frame.Bottom) / 2)), ("class", "absent"));
            return;
        }
        foreach (var band in data.Bands) DrawBand(markup, frame, band);
        foreach (var series in data.Series) DrawErrors(markup, frame, series);
        if (data.Marked is { } marked) DrawMarkedPlace(markup, frame, layout, marked);
        foreach (var series in data.Series) DrawSeries(markup, frame, series);
        if (layout.LabelsDirectly) DirectLabels.Draw(markup, frame, data.Series, layout.FontSize * 1.25);
        Readouts.Draw(markup, frame, layout, data);
    }

    public static void DrawBand(MarkupWriter markup, PlotFrame frame, ChartBand band) => markup.EmptyElement("path",
        ("d", CurvePath.Band(frame, band.X, band.Lower, band.Upper)), ("class", "band " + ChartSeries.StyleClassOf(band.Style)));

    private static void DrawMarkedPlace(MarkupWriter markup, PlotFrame frame, ChartLayout layout, MarkedPlace marked)
    {
        double x = frame.X(marked.X);
        if (double.IsNaN(x)) return;
        markup.EmptyElement("path", ("d", $"M{Px(x)} {Px(frame.Top)}V{Px(frame.Bottom)}"), ("class", "marked"));
        // On the side where there is room.
        bool isLeft = x > (frame.Left + frame.Right) / 2;
        markup.TextElement("text", marked.Name, ("x", Px(x + (isLeft ? -6 : 6))), ("y", Px(frame.Top + layout.FontSize)),
            ("class", isLeft ? "marked-name left" : "marked-name"));
    }

    private static void DrawErrors(MarkupWriter markup, PlotFrame frame, ChartSeries series)
    {
        if (series.StandardErrors is not { } errors) return;
        double[] lower = [.. series.Y.Zip(errors, (y, e) => y - e)], upper = [.. series.Y.Zip(errors, (y, e) => y + e)];
        DrawBand(markup, frame, new(series.Style, series.X, lower, upper));
    }

    /// <summary>The curve itself; a short one shows its points too.</summary>
    public static void DrawSeries(MarkupWriter markup, PlotFrame frame, ChartSeries series)
    {
        if (!series.IsUnconnected)
            markup.EmptyElement("path", ("d", CurvePath.Line(frame, series.X, series.Y)), ("class", "line " + series.StyleClass));
        if (series.IsUnconnected || series.Y.Count <= MostDottedPoints)
            markup.EmptyElement("path", ("d", CurvePath.Dots(frame, series.X, series.Y)), ("class", "dots " + series.StyleClass));
        if (series.MarksLowest) DrawRing(markup, frame, series);
    }

    private static void DrawRing(MarkupWriter markup, PlotFrame frame, ChartSeries series)
    {
        int lowest = -1;
        for (int i = 0; i < series.Y.Count; i++)
            if (double.IsFinite(frame.Y(series.Y[i])) && (lowest < 0 || series.Y[i] < series.Y[lowest])) lowest = i;
        if (lowest < 0) return;
        markup.EmptyElement("circle", ("cx", Px(frame.X(series.X[lowest]))), ("cy", Px(frame.Y(series.Y[lowest]))), ("r", "7"),
            ("class", "ring " + series.StyleClass));
    }

    private static string Px(double value) => Numbers.Coordinate(value);
}
