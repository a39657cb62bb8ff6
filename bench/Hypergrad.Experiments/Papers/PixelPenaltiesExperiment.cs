using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>An L2 penalty for each weight of a logistic regression, as ten images.</summary>
internal sealed class PixelPenaltiesExperiment : Experiment
{
    private const int Pixels = 784, Side = 28, Classes = 10;

    // The source's: e^(1 + log 0.01).
    private const double Start = 0.0272;

    public override string Name => "pixel-penalties";

    public override string Title => "An L2 penalty for each of 7,840 weights";

    public override string Source => PaperNetwork.Reference + "section 4.2, figure 8";

    public override string SourceFound =>
        "A logistic regression on 10,000 images of MNIST, trained in 50 steps, has an L2 penalty for each of its weights. Plain gradient "
        + "descent on their logarithms, 50 meta-steps of size 1,000, gives ten images with the shapes of digits in them.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = laboratory.Images(
            laboratory.Pick(600, 5000, 5000), laboratory.Pick(300, 2500, 2500), laboratory.Pick(300, 2500, 2500));
        int metaSteps = laboratory.Pick(10, 40, 100);
        var run = RunWith(laboratory, train, Penalty.Per(Sharing.Weight, Start));
        var descent = PenaltyDescent.Run(run, new Sgd(1), metaSteps, reach: 0.05, validation, test);
        var adam = PenaltyDescent.Run(run, new Adam(0.1), metaSteps, reach: null, validation, test);
        int trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var random = RandomSearch.Run(uniform => RunWith(laboratory, train,
                Penalty.Per(Sharing.All, RandomSearch.LogUniform(uniform(), 1e-5, 1)).Fixed()),
            trainings, laboratory.Seed, validation, test);
        return Report(laboratory, run, descent, adam, random, trainings);
    }

    private static TrainingRun RunWith(Laboratory laboratory, Dataset train, Penalty penalty) => new(
        Network.Mlp([Pixels, Classes]), train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(50, Sharing.All, 1).Fixed(),
                Coefficient = Schedule.Constant(50, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.Per(Sharing.All, Math.Exp(-4)).Fixed(),
            L2 = penalty,
        })
    {
        BatchSize = laboratory.Pick(100, 200, 200),
        Seed = laboratory.Seed,
    };

    private static Study Report(
        Laboratory laboratory, TrainingRun run, PenaltyDescent descent, PenaltyDescent adam, Judgement random, int trainings)
    {
        double[][] plain = Images(descent.Penalties), fixedSize = Images(adam.Penalties);
        double structure = plain.Average(image => Statistics.NeighbourCorrelation(image, Side));
        double without = fixedSize.Average(image => Statistics.NeighbourCorrelation(image, Side));
        var scale = ColourScale.About(Math.Log(Start), plain.SelectMany(image => image));
        var adamScale = ColourScale.About(Math.Log(Start), fixedSize.SelectMany(image => image));
        return new(
            $"Logistic regression, 50 steps of {run.BatchSize} on {run.Training.Count} images ({laboratory.DataName}), learning rate 1, "
                + $"momentum "
                + $"0.9, all penalties {Start} at first; {descent.MetaSteps} meta-steps.",
            $"{run.Hyperparameters!.ToVector(run.Network).Length} penalties learn the shapes of digits and take the test loss from "
                + $"{Figures.Of(descent.First.Test)} to {Figures.Of(descent.Last.Test)}; one penalty by random search reaches "
                + $"{Figures.Of(random.Test)}.",
            $"Structure appears under steps in proportion to the hypergradient: neighbouring pixels correlate by {Figures.Of(structure)}. "
                + $"Under "
                + $"Adam, whose steps are of one size in every coordinate whatever the gradient, they correlate by {Figures.Of(without)}: "
                + $"a pixel "
                + "that is always blank gets as large a step as one that tells digits apart, and what is learned drowns. Normalised "
                + "gradient "
                + "descent (the whole gradient scaled to a root mean square step) is the meta-optimisation to use for penalties and "
                + "images.",
            [
                new("Plain gradient descent on the log penalties gives images with structure.", structure > 0.3,
                    $"Correlation of neighbouring pixels {Figures.Of(structure)}, held above 0.3; independent noise has 0."),
                new("It lowers the loss on data that no gradient saw.", descent.Last.Test < descent.First.Test,
                    $"Test loss {Figures.Of(descent.First.Test)} before, {Figures.Of(descent.Last.Test)} after."),
            ],
            [
                Grid("Learned penalties, gradient descent", plain, scale),
                Grid("The same number of meta-steps of Adam", fixedSize, adamScale),
                Comparison.Of("A hypergradient counts as four trainings; random search draws one penalty for all weights.",
                    ("start, one penalty", descent.First, 1), ("random search of one penalty", random, trainings),
                    ("7,850 penalties, Adam", adam.Last, trainings), ("7,850 penalties, gradient descent", descent.Last, trainings)),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("penalties by gradient descent", descent.Last, "random search of one penalty", random),
                Contest.OfTestLoss("penalties by Adam", adam.Last, "random search of one penalty", random),
            ],
        };
    }

    // The weights are [pixels × classes], row by row.
    private static double[][] Images(double[] penalties) => [.. Enumerable.Range(0, Classes).Select(digit =>
        Enumerable.Range(0, Pixels).Select(pixel => Math.Log(penalties[pixel * Classes + digit])).ToArray())];

    private static ImageGrid Grid(string title, double[][] images, ColourScale scale) => new(
        title, "One image for each class, a pixel for each weight. Brown: penalised more than at the start; blue: less.",
        "log L2 penalty", scale, Side, [.. images.Select((image, digit) => ($"class {digit}", image))]);
}
