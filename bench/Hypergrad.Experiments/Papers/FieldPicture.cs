using Hypergrad.Experiments.Pages;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Series;

namespace Hypergrad.Experiments.Papers;

/// <summary>Arrows of descent over curves of equal loss.</summary>
internal sealed record FieldPicture(string Title, string Caption, FieldGrid Grid, (double Loss, double[] Gradient)[,] Field)
    : Picture(Title, Caption)
{
    private const int Levels = 12;

    /// <inheritdoc/>
    public override string Draw(PictureWidth width)
    {
        var model = ChartModel.Create(Title, new("learning rate", IsLogarithmic: true), new("L2 penalty", IsLogarithmic: true));
        model.Series.Add(EqualLoss());
        double cellX = Grid.X[1] - Grid.X[0], cellY = Grid.Y[1] - Grid.Y[0];
        for (int i = 0; i < Grid.X.Length; i++)
            for (int j = 0; j < Grid.Y.Length; j++)
                model.Annotations.Add(Arrow(i, j, cellX, cellY, width == PictureWidth.Wide ? 1 : 0.6));
        return ChartModel.Export(model, width, height: width == PictureWidth.Wide ? 620 : 400);
    }

    private ContourSeries EqualLoss()
    {
        var losses = new double[Grid.X.Length, Grid.Y.Length];
        for (int i = 0; i < Grid.X.Length; i++)
            for (int j = 0; j < Grid.Y.Length; j++)
                losses[i, j] = Math.Log(Field[i, j].Loss);
        double[] sorted = [.. losses.Cast<double>().Order()];
        return new ContourSeries
        {
            ColumnCoordinates = [.. Grid.X.Select(Math.Exp)],
            RowCoordinates = [.. Grid.Y.Select(Math.Exp)],
            Data = losses,
            ContourLevels = [.. Enumerable.Range(1, Levels).Select(level => sorted[level * (sorted.Length - 1) / (Levels + 1)])],
            Color = Theme.Series(5),
            LabelFormatString = null,
            LabelStep = int.MaxValue,
            TextColor = OxyColors.Transparent,
            StrokeThickness = 1,
        };
    }

    private ArrowAnnotation Arrow(int i, int j, double cellX, double cellY, double head)
    {
        double x = -Field[i, j].Gradient[0], y = -Field[i, j].Gradient[1], length = Math.Sqrt(x * x + y * y);
        double scale = length > 0 ? 0.9 * Math.Tanh(4 * length) / length : 0;
        return new ArrowAnnotation
        {
            StartPoint = new(Math.Exp(Grid.X[i]), Math.Exp(Grid.Y[j])),
            EndPoint = new(Math.Exp(Grid.X[i] + scale * x * cellX), Math.Exp(Grid.Y[j] + scale * y * cellY)),
            Color = Theme.Series(1),
            StrokeThickness = 1.2,
            HeadLength = 4 * head,
            HeadWidth = 2.5 * head,
        };
    }
}
