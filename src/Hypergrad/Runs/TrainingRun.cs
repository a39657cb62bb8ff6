using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Models;

namespace Hypergrad.Runs;

/// <summary>
/// The immutable description of one elementary training by SGD with momentum: v ← γv − (1 − γ)∇L_t(w), w ← w + αv (Maclaurin et al. 2015,
/// Algorithm 1), with L_t(w) = (1/B) Σ ω_i ℓ_i(w) + Σ λ_j w_j² + Σ μ_j |w_j| over the minibatch of step t.
/// </summary>
public sealed record TrainingRun
{
    private readonly Dataset training;
    private readonly RawRun? raw;

    /// <summary>A run of hyperparameters that a person states and tunes.</summary>
    /// <param name="model">The network.</param>
    /// <param name="training">The training set; its sizes are the network's.</param>
    /// <param name="hyperparameters">The hyperparameters, completed here for this model and data.</param>
    /// <exception cref="ConfigurationException">A hyperparameter that makes no sense, or data that does not fit the network.</exception>
    public TrainingRun(Mlp model, Dataset training, HyperparameterSet hyperparameters)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        Model = model ?? throw new ArgumentNullException(nameof(model));
        this.training = RequireFit(model, training, "training");
        Hyperparameters = hyperparameters.For(model, training);
    }

    /// <summary>A run of raw quantities, each one given.</summary>
    /// <param name="model">The network.</param>
    /// <param name="training">The training set; its sizes are the network's.</param>
    /// <param name="raw">Learning rates, momenta, initial weights, minibatches, penalties, example weights.</param>
    /// <exception cref="ConfigurationException">A quantity that makes no sense, or data that does not fit the network.</exception>
    public TrainingRun(Mlp model, Dataset training, RawRun raw)
    {
        Model = model ?? throw new ArgumentNullException(nameof(model));
        this.training = RequireFit(model, training, "training");
        this.raw = raw ?? throw new ArgumentNullException(nameof(raw));
        RequireFit(raw.LearningRate.Grouping, "learning rate");
        RequireFit(raw.Momentum.Grouping, "momentum");
        RequireFit(raw.L2?.Grouping, "L2 penalty");
        RequireFit(raw.L1?.Grouping, "L1 penalty");
        if (raw.InitialWeights.Count is { } given && given != model.ParameterCount)
            throw new ConfigurationException(
                $"{given} initial weights for the network {model}, which has {model.ParameterCount}; give one each.");
    }

    /// <summary>The network.</summary>
    public Mlp Model { get; }

    /// <summary>The hyperparameters of the run with every value written out, or null for a run of raw quantities.</summary>
    public HyperparameterSet? Hyperparameters { get; private init; }

    /// <summary>Examples per step, B; at least 1. A run of raw minibatches does not use it.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>How the minibatches are chosen. A run of raw minibatches does not use it.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>The seed of initial weights and minibatches.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>R, how many runs, each of a seed of its own, are trained side by side and averaged; at least 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>T, how many training steps.</summary>
    public int Steps => raw?.LearningRate.Steps ?? Hyperparameters!.LearningRate.Steps;

    /// <summary>α, the learning rates.</summary>
    public ScheduleTable LearningRate => raw?.LearningRate ?? Hyperparameters!.LearningRate.ToTable(Model, "learning rate");

    /// <summary>γ, the momenta.</summary>
    public ScheduleTable Momentum => raw?.Momentum ?? Hyperparameters!.Momentum.ToTable(Model, "momentum");

    /// <summary>λ, or null for none.</summary>
    public PenaltyTable? L2 => raw is not null ? raw.L2 : Hyperparameters!.L2?.ToTable(Model, "L2");

    /// <summary>μ, or null for none.</summary>
    public PenaltyTable? L1 => raw is not null ? raw.L1 : Hyperparameters!.L1?.ToTable(Model, "L1");

    /// <summary>w₀.</summary>
    public InitialWeights InitialWeights => raw?.InitialWeights ?? InitialWeights.Normal(Model, Hyperparameters!.InitialScale, Seed);

    /// <summary>Which examples every step sees.</summary>
    public MinibatchPlan Minibatches => raw?.Minibatches ?? Sampling switch
    {
        Sampling.Shuffled => MinibatchPlan.Shuffled(training.Count, BatchSize, Seed),
        Sampling.WithReplacement => MinibatchPlan.WithReplacement(training.Count, BatchSize, Seed),
        _ => MinibatchPlan.FullBatch(training.Count),
    };

    /// <summary>ω, [training examples], or null when every example counts 1.</summary>
    public double[]? ExampleWeights
    {
        get
        {
            if (raw is not null)
                return raw.ExampleWeights;
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
        return raw is null
            ? this with { Hyperparameters = hyperparameters.For(Model, training) }
            : throw new InvalidOperationException("This run was described by raw quantities; it has no hyperparameters to replace.");
    }

    /// <summary>Refuses a run that cannot be trained.</summary>
    /// <exception cref="ConfigurationException">The message names the quantity and the remedy.</exception>
    public void Validate()
    {
        if (BatchSize < 1)
            throw new ConfigurationException($"A batch size of {BatchSize}: a minibatch needs at least 1 example.");
        if (Replicas < 1)
            throw new ConfigurationException($"{Replicas} replicas: at least 1 run must be trained.");
        var (learningRate, momentum, minibatches) = (LearningRate, Momentum, Minibatches);
        if (learningRate.Steps != momentum.Steps)
            throw new ConfigurationException(
                $"The learning rate has {learningRate.Steps} steps and the momentum {momentum.Steps}; give both the same number.");
        if (minibatches.Steps is { } planned && planned != Steps)
            throw new ConfigurationException(
                $"The minibatch plan has {planned} steps and the schedules {Steps}; give both the same number.");
        if (minibatches.ExampleCount != training.Count)
            throw new ConfigurationException(
                $"The minibatch plan is over {minibatches.ExampleCount} examples and the training set has {training.Count}.");
        for (int step = 0; step < Steps; step++)
        {
            RequireAll(learningRate, step, "learning rate", double.IsFinite, "finite");
            RequireAll(momentum, step, "momentum", value => value is >= 0 and <= 1, "in (0, 1]");
        }
        if (ExampleWeights is { } weights)
            RequireExampleWeights(weights);
    }

    private static Dataset RequireFit(Mlp model, Dataset data, string what)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.InputSize != model.InputSize)
            throw new ConfigurationException($"The {what} inputs have {data.InputSize} numbers and the network "
                + $"{model} takes {model.InputSize}; make its first layer {data.InputSize}.");
        if (data.TargetSize != model.OutputSize)
            throw new ConfigurationException($"The {what} targets have {data.TargetSize} numbers and the network "
                + $"{model} gives {model.OutputSize}; make its last layer {data.TargetSize}.");
        return data;
    }

    private void RequireFit(WeightGrouping? grouping, string name)
    {
        if (grouping is not null && !grouping.Model.Layers.SequenceEqual(Model.Layers))
            throw new ConfigurationException(
                $"The {name} is grouped for the network {grouping.Model} and the run trains {Model}; group it for that one.");
    }

    /// <summary>Refuses a validation or test set that does not fit the network.</summary>
    internal static void RequireFitting(Mlp model, Dataset data, string what) => RequireFit(model, data, what);

    private static void RequireAll(ScheduleTable table, int step, string name, Func<double, bool> accepts, string requirement)
    {
        var row = table.Row(step);
        for (int group = 0; group < row.Length; group++)
            if (!accepts(row[group]))
                throw new ConfigurationException(
                    $"The {name} of step {step}, {table.Grouping.NameOf(group)} is {row[group]}; it must be {requirement}.");
    }

    private void RequireExampleWeights(double[] weights)
    {
        if (weights.Length != training.Count)
            throw new ConfigurationException($"{weights.Length} example weights for {training.Count} training examples; give one each.");
        for (int i = 0; i < weights.Length; i++)
            if (!double.IsFinite(weights[i]))
                throw new ConfigurationException($"The weight of training example {i} is {weights[i]}; it must be finite.");
    }
}
