using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>
/// What a search for a start brings at equal cost: the command's default tuning with and without it. A meta-step counts as four trainings,
/// so that every search takes meta-steps away; seconds are printed beside.
/// </summary>
internal static class StartSearchComparison
{
    private const int TrainingsPerMetaStep = 4;

    /// <summary>Prints a line a task, seed and number of trials.</summary>
    /// <param name="threads">Threads of the backend.</param>
    /// <param name="metaSteps">Meta-steps without a search.</param>
    /// <param name="folder">A folder of IDX files, or null for generated digits alone.</param>
    public static void Print(int threads, int metaSteps, string? folder)
    {
        using var backend = new ManagedBackend(threads);
        Console.WriteLine($"# {backend.Description}; as much as {metaSteps} meta-steps: validation loss at the start and at the end, test loss, seconds");
        var sources = new List<(string Name, Dataset Data)>();
        if (folder is not null)
            sources.Add(("images", IdxReader.ReadDirectory(folder)));
        sources.Add(("digits", Digits.Generate(10_000)));
        foreach (var (name, data) in sources)
            foreach (var optimizer in OptimizerKinds.All.Take(2))
                foreach (ulong seed in new ulong[] { 1, 2 })
                    foreach (int trials in new[] { 0, 16, 32 })
                        Print(backend, name, data, optimizer, seed, trials, metaSteps - trials / TrainingsPerMetaStep);
    }

    private static void Print(
        ManagedBackend backend, string name, Dataset data, Optimizer optimizer, ulong seed, int trials, int metaSteps)
    {
        if (metaSteps < 1)
            return;
        var parts = data.Split(0.7, 0.15, 0.15, seed);
        var clock = Stopwatch.StartNew();
        var result = new Tuning(Run(parts.Train, optimizer, seed), parts.Validation, new()
        {
            MetaSteps = metaSteps,
            StartTrials = trials,
            Backend = backend,
            Test = parts.Test,
        }).Run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-7} {optimizer.Name,-9} seed {seed} {trials,3} trials {metaSteps,3} meta-steps  {result.Before.Validation.Mean:F3} "
            + $"{result.After.Validation.Mean:F4} {result.After.Test!.Value.Mean:F4} {clock.Elapsed.TotalSeconds,6:F1} s  "
            + $"{result.StartSearch?.Changes}"));
    }

    // As the command has it by default: every schedule but epsilon per step and tensor.
    private static TrainingRun Run(Dataset training, Optimizer optimizer, ulong seed)
    {
        foreach (var (quantity, schedule) in optimizer.Schedules)
            optimizer = optimizer.With(quantity, quantity == Quantity.Epsilon
                ? Schedule.Constant(100, Sharing.All, schedule.Initial).Fixed()
                : Schedule.PerStep(100, Sharing.Tensor, schedule.Initial));
        return new(Network.Mlp([training.InputSize, 50, 50, 50, training.TargetSize], Activation.Tanh), training, new HyperparameterSet
        {
            Optimizer = optimizer,
            InitialScale = Scale.Per(Sharing.Tensor, 0.05),
        })
        { Seed = seed };
    }
}
