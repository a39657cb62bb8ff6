using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>
/// The runs that are compared with other systems: exact hypergradients in single precision of the optimizer's schedules per step and
/// tensor, of the initial weights and of an L2 per weight.
/// </summary>
/// <param name="Name">What it is called on the command line and in results.</param>
/// <param name="Network">The network.</param>
/// <param name="BatchSize">Examples in a minibatch.</param>
/// <param name="Steps">Training steps.</param>
/// <param name="IsAdam">AdamW instead of SGD with momentum.</param>
internal sealed record SuiteCase(string Name, Network Network, int BatchSize, int Steps, bool IsAdam = false)
{
    private const int Validation = 500;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SuiteCase> All { get; } =
    [
        new("paper", Network.Mlp([784, 50, 50, 50, 10], Activation.Tanh), 200, 100),
        new("wide", Network.Mlp([784, 1024, 1024, 10], Activation.Tanh), 256, 100),
        new("cnn", Cnn(), 100, 50),
        new("vgg", Vgg(), 64, 20),
        new("paper-adamw", Network.Mlp([784, 50, 50, 50, 10], Activation.Tanh), 200, 100, IsAdam: true),
        new("vgg-adamw", Vgg(), 64, 20, IsAdam: true),
    ];

    /// <summary>Noise of the network's input shape in ten classes: times do not depend on what is learned.</summary>
    public DataSplit Data { get; } = Noise(Network, Math.Max(1000, 4 * BatchSize));

    /// <summary>The run.</summary>
    public TrainingRun Run => new(Network, Data.Train, new HyperparameterSet
    {
        Optimizer = IsAdam
            ? new AdamW
            {
                LearningRate = PerStep(1e-3),
                Beta1 = PerStep(0.9),
                Beta2 = PerStep(0.999),
                WeightDecay = PerStep(0.01),
            }
            : new Momentum { LearningRate = PerStep(0.05), Coefficient = PerStep(0.9) },
        InitialScale = Scale.PerFanIn(Sharing.Tensor, 1),
        L2 = Penalty.Per(Sharing.Weight, 1e-6),
    })
    { BatchSize = BatchSize };

    /// <summary>The exact hypergradient.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="memoryBudget">Bytes that it may take for time.</param>
    public Hypergradient Exact(IBackend backend, long? memoryBudget = null) => Hypergradient.Compute(
        Run, Data.Validation, new ReversibleMethod { MemoryBudget = memoryBudget }, new() { Backend = backend });

    private Schedule PerStep(double initial) => Schedule.PerStep(Steps, Sharing.Tensor, initial);

    private static Network Cnn() => new([28, 28, 1],
        new Convolution(16, kernel: 3, padding: 1, activation: Activation.Relu), new MaxPool(2),
        new Convolution(32, kernel: 3, padding: 1, activation: Activation.Relu), new MaxPool(2), new Flatten(),
        new Dense(10));

    private static Network Vgg() => new([32, 32, 3],
        new Convolution(32, kernel: 3, padding: 1, activation: Activation.Relu),
        new Convolution(32, kernel: 3, padding: 1, activation: Activation.Relu), new MaxPool(2),
        new Convolution(64, kernel: 3, padding: 1, activation: Activation.Relu),
        new Convolution(64, kernel: 3, padding: 1, activation: Activation.Relu), new MaxPool(2),
        new Flatten(), new Dense(128, Activation.Relu), new Dense(10));

    private static DataSplit Noise(Network network, int examples)
    {
        const int classes = 10;
        var random = new Random(1);
        int count = examples + Validation + 1;
        var (inputs, targets) = (new float[count * network.InputSize], new float[count * classes]);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.NextSingle();
        for (int i = 0; i < count; i++)
            targets[i * classes + random.Next(classes)] = 1;
        return new Dataset(new Table(inputs, network.InputSize), new Table(targets, classes)).Split(examples, Validation, 1);
    }
}
