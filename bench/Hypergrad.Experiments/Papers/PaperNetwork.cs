using Hypergrad.Data;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>The network that Maclaurin et al. tune: 784-50-50-50-10 with tanh, trained in 100 steps on batches of 200.</summary>
internal static class PaperNetwork
{
    public const string Reference =
        "Maclaurin, Duvenaud, Adams: Gradient-based Hyperparameter Optimization through Reversible Learning (2015), ";

    /// <summary>The network, smaller in the tests.</summary>
    public static Network Create(Laboratory laboratory) =>
        Network.Mlp(laboratory.Pick<int[]>([784, 20, 20, 20, 10], [784, 50, 50, 50, 10], [784, 50, 50, 50, 10]), Activation.Tanh);

    /// <summary>Its training steps.</summary>
    public static int Steps(Laboratory laboratory) => laboratory.Pick(40, 100, 100);

    /// <summary>Its data: the paper has 10,000 of each; half of that and a quarter is what 10,000 images in all allow.</summary>
    public static (Dataset Train, Dataset Validation, Dataset Test) Images(Laboratory laboratory) => laboratory.Images(
        laboratory.Pick(600, 5000, 5000), laboratory.Pick(300, 2500, 2500), laboratory.Pick(300, 2500, 2500));

    /// <summary>A training of it; the paper's learning rate e⁻¹, momentum 0.5 and initial scale e⁻³ unless told otherwise.</summary>
    public static TrainingRun Run(Laboratory laboratory, Dataset train, Momentum optimizer, Scale scale) =>
        new(Create(laboratory), train, new() { Optimizer = optimizer, InitialScale = scale })
        {
            BatchSize = laboratory.Pick(100, 200, 200),
            Seed = laboratory.Seed,
        };

    /// <summary>Constant learning rate and momentum, not tuned.</summary>
    public static Momentum Constant(Laboratory laboratory, double rate, double momentum) => new()
    {
        LearningRate = Schedule.Constant(Steps(laboratory), Sharing.All, rate).Fixed(),
        Coefficient = Schedule.Constant(Steps(laboratory), Sharing.All, momentum).Fixed(),
    };

    /// <summary>Random search over the three constants that a person would tune.</summary>
    public static Judgement RandomConstants(
        Laboratory laboratory, Dataset train, Dataset validation, Dataset test, int trials) => RandomSearch.Run(
        uniform => Run(laboratory, train,
            Constant(laboratory, RandomSearch.LogUniform(uniform(), 0.03, 10), 1 - RandomSearch.LogUniform(uniform(), 0.02, 0.9)),
            Scale.Per(Sharing.Tensor, RandomSearch.LogUniform(uniform(), 0.01, 0.5)).Fixed()),
        trials, laboratory.Seed, validation, test);

    /// <summary>The names of the tensors, W1, b1, ….</summary>
    public static string[] TensorNames(Network network) => [.. network.Tensors.Select(tensor => tensor.Name)];
}
