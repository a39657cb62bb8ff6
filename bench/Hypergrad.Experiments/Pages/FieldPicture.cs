using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Series;

namespace Hypergrad.Experiments.Pages;

/// <summary>Arrows of descent over the loss, whose height is a shade and whose curves join places of equal loss.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How it is read.</param>
/// <param name="Horizontal">What is across.</param>
/// <param name="Vertical">What is up.</param>
/// <param name="X">The logarithms of the columns' places, evenly spaced.</param>
/// <param name="Y">Those of the rows.</param>
/// <param name="Losses">The loss at [column][row], in nats.</param>
/// <param name="Gradients">Its gradient there with respect to both logarithms.</param>
internal sealed record FieldPicture(
    string Title, string Caption, ChartAxis Horizontal, ChartAxis Vertical, double[] X, double[] Y, double[][] Losses,
    double[][][] Gradients)
    : Picture(Title, Caption)
{
    private const int Levels = 12, Darkest = 150;

    private double[] Sorted => [.. Losses.SelectMany(column => column).Order()];

    /// <inheritdoc/>
    public override string Draw(PictureWidth width)
    {
        var model = ChartModel.Create(Title, Horizontal, Vertical);
        double cellX = X[1] - X[0], cellY = Y[1] - Y[0], lowest = Sorted[0], highest = Sorted[^1];
        for (int i = 0; i < X.Length; i++)
            for (int j = 0; j < Y.Length; j++)
                model.Annotations.Add(Cell(i, j, cellX / 2, cellY / 2, Shade(Losses[i][j], lowest, highest)));
        model.Series.Add(EqualLoss());
        foreach (double part in new[] { 0, 1.0 / 3, 2.0 / 3, 1 })
            model.Series.Add(Sample(lowest * Math.Pow(highest / lowest, part), lowest, highest));
        for (int i = 0; i < X.Length; i++)
            for (int j = 0; j < Y.Length; j++)
                model.Annotations.Add(Arrow(i, j, cellX, cellY, width == PictureWidth.Wide ? 1 : 0.6));
        return ChartModel.Export(model, width, height: width == PictureWidth.Wide ? 620 : 400);
    }

    private static OxyColor Shade(double loss, double lowest, double highest) =>
        OxyColor.FromAColor((byte)(Darkest * Math.Log(loss / lowest) / Math.Log(highest / lowest)), Theme.Series(2));

    private RectangleAnnotation Cell(int i, int j, double halfX, double halfY, OxyColor shade) => new()
    {
        MinimumX = Math.Exp(X[i] - halfX),
        MaximumX = Math.Exp(X[i] + halfX),
        MinimumY = Math.Exp(Y[j] - halfY),
        MaximumY = Math.Exp(Y[j] + halfY),
        Fill = shade,
        StrokeThickness = 0,
        Layer = AnnotationLayer.BelowSeries,
    };

    // A square in the legend.
    private static LineSeries Sample(double loss, double lowest, double highest) => new()
    {
        Title = string.Create(CultureInfo.InvariantCulture, $"{Figures.Of(loss)} nats"),
        Color = OxyColors.Transparent,
        MarkerType = MarkerType.Square,
        MarkerSize = 7,
        MarkerFill = Shade(loss, lowest, highest),
        MarkerStroke = Theme.Base,
        MarkerStrokeThickness = 1,
    };

    private ContourSeries EqualLoss()
    {
        var logarithms = new double[X.Length, Y.Length];
        for (int i = 0; i < X.Length; i++)
            for (int j = 0; j < Y.Length; j++)
                logarithms[i, j] = Math.Log(Losses[i][j]);
        double[] sorted = Sorted;
        return new ContourSeries
        {
            ColumnCoordinates = [.. X.Select(Math.Exp)],
            RowCoordinates = [.. Y.Select(Math.Exp)],
            Data = logarithms,
            ContourLevels =
                [.. Enumerable.Range(1, Levels).Select(level => Math.Log(sorted[level * (sorted.Length - 1) / (Levels + 1)]))],
            Color = Theme.Muted,
            LabelFormatString = null,
            LabelStep = int.MaxValue,
            TextColor = OxyColors.Transparent,
            StrokeThickness = 1,
        };
    }

    private ArrowAnnotation Arrow(int i, int j, double cellX, double cellY, double head)
    {
        double x = -Gradients[i][j][0], y = -Gradients[i][j][1], length = Math.Sqrt(x * x + y * y);
        double scale = length > 0 ? 0.9 * Math.Tanh(4 * length) / length : 0;
        return new ArrowAnnotation
        {
            StartPoint = new(Math.Exp(X[i]), Math.Exp(Y[j])),
            EndPoint = new(Math.Exp(X[i] + scale * x * cellX), Math.Exp(Y[j] + scale * y * cellY)),
            Color = Theme.Series(1),
            StrokeThickness = 1.2,
            HeadLength = 4 * head,
            HeadWidth = 2.5 * head,
        };
    }
}
