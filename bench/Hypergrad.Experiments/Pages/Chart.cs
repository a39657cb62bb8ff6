using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Series;

namespace Hypergrad.Experiments.Pages;

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What it measures, and its unit.</param>
/// <param name="IsLogarithmic">Whether it is logarithmic.</param>
internal sealed record ChartAxis(string Title, bool IsLogarithmic = false);

/// <summary>Curves over two axes.</summary>
internal sealed record Chart(string Title, string Caption, ChartAxis Horizontal, ChartAxis Vertical, IReadOnlyList<Curve> Curves)
    : Picture(Title, Caption)
{
    /// <summary>Places on the x axis, each with a line and a word.</summary>
    public IReadOnlyList<(double X, string Text)> Marks { get; init; } = [];

    /// <summary>What the vertical axis shows; what is outside is cut off. Null for all.</summary>
    public (double Low, double High)? Window { get; init; }

    /// <inheritdoc/>
    public override string Draw(PictureWidth width)
    {
        var model = ChartModel.Create(Title, Horizontal, Vertical);
        if (Window is { } window)
            (model.Axes[1].Minimum, model.Axes[1].Maximum) = window;
        for (int i = 0; i < Curves.Count; i++)
            Add(model, Curves[i], Curves[i].Colour > 0 ? Curves[i].Colour : i + 1);
        foreach (var (i, mark) in Marks.Index())
            model.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = mark.X,
                Color = Theme.Base,
                Text = mark.Text,
                TextColor = Theme.Muted,
                // One below the other, so that lines close together keep their words apart.
                TextLinePosition = 1 - 0.35 * (i % 2),
            });
        return ChartModel.Export(model, width);
    }

    private static void Add(PlotModel model, Curve curve, int colour)
    {
        if (curve.StandardErrors is { } errors)
            model.Series.Add(Band(curve, errors, Theme.Series(colour)));
        var series = new LineSeries
        {
            Title = curve.Name,
            Color = curve.IsDots ? OxyColors.Transparent : OxyColor.FromAColor((byte)(curve.IsFaint ? 80 : 255), Theme.Series(colour)),
            StrokeThickness = curve.IsFaint ? 1 : curve.IsDashed ? 1.5 : 2,
            LineStyle = curve.IsDots ? LineStyle.None : curve.IsDashed ? LineStyle.Dash : LineStyle.Solid,
            MarkerType = curve.IsDots ? MarkerType.Circle : MarkerType.None,
            MarkerFill = Theme.Series(colour),
            MarkerSize = curve.X.Count > 20 ? 2.5 : 4.5,
        };
        for (int i = 0; i < curve.X.Count; i++)
            series.Points.Add(new(curve.X[i], double.IsFinite(curve.Y[i]) ? curve.Y[i] : double.NaN));
        model.Series.Add(series);
    }

    private static AreaSeries Band(Curve curve, IReadOnlyList<double> errors, OxyColor colour)
    {
        var band = new AreaSeries { Color = OxyColors.Transparent, Fill = OxyColor.FromAColor(45, colour), StrokeThickness = 0 };
        for (int i = 0; i < curve.X.Count; i++)
        {
            band.Points.Add(new(curve.X[i], curve.Y[i] + errors[i]));
            band.Points2.Add(new(curve.X[i], curve.Y[i] - errors[i]));
        }
        return band;
    }
}
