using Hypergrad.Data;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>A small VGG and a small residual network for images of 28 × 28 pixels, seen at half that size.</summary>
internal static class ConvolutionalNetworks
{
    private const double ChannelPenalty = 1e-4;

    /// <summary>Convolutions of 3 × 3 in pairs, and pooling between them (Simonyan, Zisserman 2015).</summary>
    public static Network Vgg(Laboratory laboratory)
    {
        int channels = laboratory.Pick(4, 6, 16);
        return new([28, 28, 1], new AveragePool(2),
            new Convolution(channels, 3, 1, Activation.Relu), new Convolution(channels, 3, 1, Activation.Relu), new MaxPool(2),
            new Convolution(2 * channels, 3, 1, Activation.Relu), new MaxPool(2), new Flatten(), new Dense(10));
    }

    /// <summary>Two residual branches, with pooling between them (He, Zhang, Ren, Sun 2016).</summary>
    public static Network Residual(Laboratory laboratory)
    {
        int channels = laboratory.Pick(4, 8, 16);
        Layer Branch() => new Residual(new Convolution(channels, 3, 1, Activation.Relu), new Convolution(channels, 3, 1))
        {
            Activation = Activation.Relu,
        };
        return new([28, 28, 1], new AveragePool(2), new Convolution(channels, 3, 1, Activation.Relu), Branch(), new MaxPool(2), Branch(),
            new MaxPool(2), new Flatten(), new Dense(10));
    }

    /// <summary>How many training steps.</summary>
    public static int Steps(Laboratory laboratory) => laboratory.Pick(15, 40, 200);

    /// <summary>AdamW with a learning rate for every step and layer, a weight decay at four knots, a penalty for every channel.</summary>
    public static TrainingRun Tuned(Laboratory laboratory, Network network, Dataset train) => Run(laboratory, network, train, new()
    {
        Optimizer = new AdamW
        {
            LearningRate = Schedule.PerStep(Steps(laboratory), Sharing.Layer, 3e-3),
            WeightDecay = Schedule.PiecewiseLinear(Steps(laboratory), 4, Sharing.Layer, 0.01),
        },
        L2 = Penalty.Per(Sharing.Unit, ChannelPenalty),
    });

    /// <summary>AdamW with constants.</summary>
    public static TrainingRun Constant(
        Laboratory laboratory, Network network, Dataset train, double rate, double decay = 0.01, double penalty = ChannelPenalty) =>
        Run(laboratory, network, train, new()
        {
            Optimizer = new AdamW
            {
                LearningRate = Schedule.Constant(Steps(laboratory), Sharing.All, rate).Fixed(),
                WeightDecay = Schedule.Constant(Steps(laboratory), Sharing.All, decay).Fixed(),
            },
            L2 = Penalty.Per(Sharing.All, penalty).Fixed(),
        });

    /// <summary>Momentum, which DrMAD takes, with penalties for every channel and fixed constants.</summary>
    public static TrainingRun UnderMomentum(Laboratory laboratory, Network network, Dataset train, double penalty = 1e-2) =>
        Run(laboratory, network, train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(Steps(laboratory), Sharing.All, 0.3).Fixed(),
                Coefficient = Schedule.Constant(Steps(laboratory), Sharing.All, 0.9).Fixed(),
            },
            L2 = Penalty.Per(Sharing.Unit, penalty),
        });

    private static TrainingRun Run(Laboratory laboratory, Network network, Dataset train, HyperparameterSet set) =>
        new(network, train, set with { InitialScale = Scale.PerFanIn(Sharing.All, 1.4).Fixed() })
        {
            BatchSize = laboratory.Pick(20, 40, 100),
            Seed = laboratory.Seed,
        };
}
