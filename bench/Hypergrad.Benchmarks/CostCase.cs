using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Models;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Benchmarks;

/// <summary>
/// The paper-sized case: 784-50-50-50-10, batch 200, single precision, learning rates and momenta per step and tensor, L2 per weight; its plain
/// training, and its hypergradient with respect to all schedules, the initial weights and the per-weight L2.
/// </summary>
internal sealed class CostCase : IDisposable
{
    private readonly DataSplit data = Digits.Generate(7000).Split(5000, 1000, 1000);
    private readonly ManagedBackend backend;

    public CostCase(int threads, int steps, double momentum = 0.9)
    {
        backend = new(threads);
        Run = new(new Mlp([784, 50, 50, 50, 10]), data.Train, new HyperparameterSet
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.1),
            Momentum = Schedule.PerStep(steps, Sharing.Tensor, momentum),
            L2 = Penalty.Per(Sharing.Weight, 1e-6),
        })
        { BatchSize = 200 };
    }

    public TrainingRun Run { get; }

    public IBackend Backend => backend;

    public void Train() => Training.Run(Run, [data.Validation], backend);

    public void Dispose() => backend.Dispose();

    public Hypergradient Exact() => Hypergradient.Exact(Run, data.Validation, new() { Backend = backend, Parts = RawParts.Schedules | RawParts.L2 });
}
