using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Hypergrad.Experiments.Pages;

/// <summary>The look that all charts share, and their way into a page.</summary>
internal static partial class ChartModel
{
    /// <summary>A chart with its axes and its legend, still without curves.</summary>
    public static PlotModel Create(string title, ChartAxis horizontal, ChartAxis vertical)
    {
        var model = new PlotModel
        {
            DefaultFont = "Arial, sans-serif",
            DefaultFontSize = 13,
            TextColor = Theme.Muted,
            PlotAreaBorderThickness = new(1, 0, 0, 1),
            PlotAreaBorderColor = Theme.Base,
            Background = OxyColors.Transparent,
            Padding = new(4, 8, 14, 4),
        };
        model.Axes.Add(Axis(horizontal, AxisPosition.Bottom));
        model.Axes.Add(Axis(vertical, AxisPosition.Left));
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopLeft,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendTextColor = Theme.Ink,
            LegendBorderThickness = 0,
        });
        return model;
    }

    /// <summary>The chart as an SVG element.</summary>
    /// <param name="model">The chart.</param>
    /// <param name="width">For which pages.</param>
    /// <param name="height">Its height in pixels; the usual one when it is not given.</param>
    public static string Export(PlotModel model, PictureWidth width, int? height = null)
    {
        var (x, usual) = width == PictureWidth.Wide ? (960, 360) : (372, 320);
        int y = height ?? usual;
        string svg = new SvgExporter
        {
            Width = x,
            Height = y,
            IsDocument = false,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new TextMeasurer(),
        }.ExportToString(model);
        string size = string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {x} {y}\" xmlns=\"http://www.w3.org/2000/svg\">");
        return Theme.Resolve(Opening().Replace(svg[svg.IndexOf("<svg", StringComparison.Ordinal)..], size, 1));
    }

    private static Axis Axis(ChartAxis axis, AxisPosition position)
    {
        Axis made = axis.IsLogarithmic ? new LogarithmicAxis() : new LinearAxis();
        // Upwards there is room for more ticks, which the few round numbers of a logarithmic axis need.
        made.IntervalLength = axis.IsLogarithmic && position == AxisPosition.Left ? 24 : 60;
        if (position == AxisPosition.Bottom && !axis.IsLogarithmic)
            made.MinimumMajorStep = 1;
        (made.Position, made.Title) = (position, axis.Title);
        (made.TitleColor, made.TextColor, made.TicklineColor, made.AxislineColor) = (Theme.Ink, Theme.Muted, Theme.Base, Theme.Base);
        made.AxisTitleDistance = 10;
        (made.MajorGridlineStyle, made.MajorGridlineColor, made.MinorTickSize) = (LineStyle.Solid, Theme.Grid, 0);
        (made.MinimumPadding, made.MaximumPadding) = position == AxisPosition.Bottom ? (0.01, 0.01) : (0.04, 0.04);
        return made;
    }

    [GeneratedRegex("<svg[^>]*>")]
    private static partial Regex Opening();
}
