using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Benchmarks;

/// <summary>
/// A run whose plain training is timed beside its hypergradient with respect to all schedules, the initial weights and the per-weight L2:
/// single precision, learning rates and momenta per step and tensor.
/// </summary>
internal sealed class CostCase(IBackend backend, Network network, DataSplit data, int batchSize, int steps, double momentum = 0.9)
{
    /// <summary>The paper's network, 784-50-50-50-10 with batches of 200, on generated digits.</summary>
    public static CostCase Paper(IBackend backend, int steps) =>
        new(backend, Network.Mlp([784, 50, 50, 50, 10]), Digits.Generate(7000).Split(5000, 1000, 1000), batchSize: 200, steps);

    /// <summary>3072-4096-4096-4096-10, 46 million weights, with batches of 4096, on noise.</summary>
    public static CostCase Large(IBackend backend, int steps)
    {
        const int examples = 3 * 4096, pixels = 3072, classes = 10;
        var random = new Random(1);
        var (inputs, targets) = (new float[examples * pixels], new float[examples * classes]);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.NextSingle();
        for (int i = 0; i < examples; i++)
            targets[i * classes + random.Next(classes)] = 1;
        var all = new Dataset(new Table(inputs, pixels), new Table(targets, classes));
        return new(backend, Network.Mlp([pixels, 4096, 4096, 4096, classes]), all.Split(4096, 4096, 4096), batchSize: 4096, steps);
    }

    public TrainingRun Run { get; } = new(network, data.Train, new HyperparameterSet
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.1),
            Coefficient = Schedule.PerStep(steps, Sharing.Tensor, momentum),
        },
        L2 = Penalty.Per(Sharing.Weight, 1e-6),
    })
    { BatchSize = batchSize };

    public IBackend Backend => backend;

    public void Train() => Training.Run(Run, [data.Validation], backend);

    public Hypergradient Exact() => Hypergradient.Exact(Run, data.Validation, new()
    {
        Backend = backend,
        Quantities = [Quantity.LearningRate, Quantity.Momentum, Quantity.InitialWeights, Quantity.L2],
    });
}
