using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Runs;

/// <summary>One training run as a person states it: a network, data and hyperparameters. It lowers to a <see cref="RawRun"/>.</summary>
public sealed record TrainingRun
{
    private readonly Dataset training;
    private readonly RawRun? raw;

    /// <summary>A run of hyperparameters that a person states and tunes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">The training set; its sizes are the network's.</param>
    /// <param name="hyperparameters">The hyperparameters, completed here for this network and data.</param>
    /// <exception cref="ConfigurationException">A hyperparameter that makes no sense, or data that does not fit the network.</exception>
    public TrainingRun(Network network, Dataset training, HyperparameterSet hyperparameters)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        Network = network ?? throw new ArgumentNullException(nameof(network));
        RawRun.RequireFit(network, training, "training");
        this.training = training;
        Hyperparameters = hyperparameters.For(network, training);
        Steps = Hyperparameters.Optimizer.Steps;
    }

    /// <summary>A run of raw quantities, each one given.</summary>
    /// <param name="raw">The run.</param>
    /// <exception cref="ConfigurationException">A quantity that makes no sense, or data that does not fit the network.</exception>
    public TrainingRun(RawRun raw)
    {
        this.raw = raw ?? throw new ArgumentNullException(nameof(raw));
        raw.Validate();
        Network = raw.Network;
        training = raw.Training;
        Steps = raw.Steps;
        Replicas = raw.Replicas;
        Seed = raw.Seed;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The hyperparameters of the run with every value written out, or null for a run of raw quantities.</summary>
    public HyperparameterSet? Hyperparameters { get; private init; }

    /// <summary>Examples per step, B; at least 1. A run of raw minibatches does not use it.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>How the minibatches are chosen. A run of raw minibatches does not use it.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>The seed of initial weights, minibatches and dropout masks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>R, how many runs, each of a seed of its own, are trained side by side and averaged; at least 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>T, how many training steps.</summary>
    public int Steps { get; private init; }

    /// <summary>The training set, learned inputs and targets put in their places.</summary>
    public Dataset Training
    {
        get
        {
            var inputs = training.Inputs;
            var targets = training.Targets;
            if (Hyperparameters?.TrainingInputs is { } learnedInputs)
                inputs = inputs.With(learnedInputs.ChosenFrom(training), learnedInputs.Values);
            if (Hyperparameters?.Targets is { } learnedTargets)
                targets = targets.With(learnedTargets.ChosenFrom(training), learnedTargets.Values);
            return training.With(inputs, targets);
        }
    }

    /// <summary>The same run with other hyperparameters.</summary>
    public TrainingRun With(HyperparameterSet hyperparameters)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        if (raw is not null)
            throw new InvalidOperationException("This run was described by raw quantities; it has no hyperparameters to replace.");
        var completed = hyperparameters.For(Network, training);
        return this with { Hyperparameters = completed, Steps = completed.Optimizer.Steps };
    }

    /// <summary>In one line: network, steps, batches and seed.</summary>
    public override string ToString() => $"{Network}, {Steps} steps of {BatchSize} examples, seed {Seed}"
        + (Replicas > 1 ? $", {Replicas} replicas" : "");

    /// <summary>The run with every quantity written out.</summary>
    /// <exception cref="ConfigurationException">A quantity makes no sense; the message names it and the remedy.</exception>
    public RawRun Lower()
    {
        if (raw is not null)
            return raw with { Replicas = Replicas, Seed = Seed };
        if (BatchSize < 1)
            throw new ConfigurationException($"A batch size of {BatchSize}: a minibatch needs at least 1 example.");
        var set = Hyperparameters!;
        var tables = set.Optimizer.TablesFor(Network);
        tables[Quantity.LearningRate] = HeldWeights.Hold(Network, tables[Quantity.LearningRate]);
        return new()
        {
            Network = Network,
            Training = Training,
            Optimizer = set.Optimizer.Lower(tables),
            InitialWeights = InitialWeights.Normal(Network, set.InitialScale, Seed, set.HeldWeights),
            Minibatches = Sampling switch
            {
                Sampling.Shuffled => MinibatchPlan.Shuffled(training.Count, BatchSize, Seed),
                Sampling.WithReplacement => MinibatchPlan.WithReplacement(training.Count, BatchSize, Seed),
                _ => MinibatchPlan.FullBatch(training.Count),
            },
            L2 = set.L2?.ToTable(Network, "L2"),
            L1 = set.L1?.ToTable(Network, "L1"),
            ExampleWeights = ExampleWeights(),
            Replicas = Replicas,
            Seed = Seed,
        };
    }

    private double[]? ExampleWeights()
    {
        if (Hyperparameters!.ExampleWeights is not { } learned)
            return null;
        var weights = new double[training.Count];
        Array.Fill(weights, 1);
        int[] chosen = learned.ChosenFrom(training);
        for (int i = 0; i < chosen.Length; i++)
            weights[chosen[i]] = learned.Values![i];
        return weights;
    }
}
