using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Arrows of descent over two hyperparameters, on the loss that they lead to.</summary>
internal sealed class FieldExperiment : Experiment
{
    public override string Name => "field";

    public override string Title => "A field of hypergradients over two hyperparameters";

    public override string Source => "Asked for in the discussion of Maclaurin et al. (2015)";

    public override string SourceFound =>
        "No figure exists; a reader wished to see the hypergradients of a toy model as arrows over its loss, to judge how convex the "
            + "problem "
        + "of tuning is, and whether descent from anywhere leads to one minimum.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, _) = laboratory.Images(laboratory.Pick(100, 200, 400), laboratory.Pick(200, 1000, 2000), 1);
        int side = laboratory.Pick(9, 17, 25);
        var grid = new FieldGrid(Axis(0.02, 4, side), Axis(1e-5, 0.3, side));
        var field = grid.Map((logRate, logPenalty) =>
        {
            var gradient = Hypergradient.Exact(RunAt(laboratory, train, Math.Exp(logRate), Math.Exp(logPenalty)), validation);
            return (gradient.ValidationLoss, gradient.Coordinates);
        });
        return Report(laboratory, train, grid, field);
    }

    private static double[] Axis(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Log(low) + Math.Log(high / low) * i / (count - 1))];

    private static TrainingRun RunAt(Laboratory laboratory, Dataset train, double rate, double penalty)
    {
        int steps = laboratory.Pick(30, 60, 100);
        return new(Network.Mlp([784, 10]), train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, rate),
                Coefficient = Schedule.Constant(steps, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.Per(Sharing.All, 0.01).Fixed(),
            L2 = Penalty.Per(Sharing.All, penalty),
        })
        {
            Sampling = Sampling.FullBatch,
            Seed = laboratory.Seed,
        };
    }

    private static Study Report(Laboratory laboratory, Dataset train, FieldGrid grid, (double Loss, double[] Gradient)[,] field)
    {
        double agreement = grid.AgreementWithDifferences(field), convex = grid.ConvexShare(field);
        int minima = grid.LocalMinima(field);
        var (rate, penalty, loss) = grid.Minimum(field);
        return new(
            $"Logistic regression on {train.Count} of {laboratory.DataName}, full batches, momentum 0.9; a hypergradient at each of "
                + $"{field.Length} places.",
            $"Over {field.Length} places hypergradients agree with the slopes of the loss (cosine {Figures.Of(agreement)}); it has "
                + $"{minima} {(minima == 1 ? "minimum" : "minima")} and is convex at {Figures.Percent(convex)} of the places.",
            $"The arrows point down the loss that the grid itself shows. The surface is convex in these logarithms at "
                + $"{Figures.Percent(convex)} "
                + $"of the places; {(minima == 1 ? "its only minimum on the grid" : $"the lowest of its {minima} minima on the grid")} is "
                + $"at a learning "
                + $"rate of {Figures.Of(Math.Exp(rate))} and an L2 penalty of {Figures.Of(Math.Exp(penalty))} ({Figures.Of(loss)} nats). "
                + $"At "
                + "small penalties it is flat along the penalty, and only the learning rate matters.",
            [
                new("Hypergradients point where the loss on the grid falls.", agreement > 0.95,
                    $"Mean cosine between them and the grid's own differences, inside it: {Figures.Of(agreement)}, held above 0.95."),
            ],
            [
                new FieldPicture("The field",
                    "Each arrow is −∇ of the validation loss with respect to the two logarithms; its length is that of the gradient, "
                        + "shortened for large ones. "
                        + "The browner a place, the higher the loss there; curves join places of equal loss.",
                    new("learning rate", IsLogarithmic: true), new("L2 penalty", IsLogarithmic: true), grid.X, grid.Y,
                    Columns(field, place => place.Loss), Columns(field, place => place.Gradient)),
            ]);
    }

    private static T[][] Columns<T>((double Loss, double[] Gradient)[,] field, Func<(double Loss, double[] Gradient), T> of) =>
    [
        .. Enumerable.Range(0, field.GetLength(0)).Select(i =>
            Enumerable.Range(0, field.GetLength(1)).Select(j => of(field[i, j])).ToArray()),
    ];
}
