using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Hyperparameters;

/// <summary>
/// The hyperparameters of a training run, in any combination. Those that are tuned form one vector of unconstrained coordinates
/// (learning rates, scales, penalties and example weights by their logarithm, momenta by their logit, targets by their logits, inputs as
/// they are).
/// </summary>
public sealed record HyperparameterSet
{
    /// <summary>α.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>γ.</summary>
    public required Schedule Momentum { get; init; }

    /// <summary>The scale of the initial weights.</summary>
    public Scale InitialScale { get; init; } = Scale.Per(Sharing.Tensor, 0.05).Fixed();

    /// <summary>λ, or null for none.</summary>
    public Penalty? L2 { get; init; }

    /// <summary>μ, or null for none.</summary>
    public Penalty? L1 { get; init; }

    /// <summary>Learned training inputs, or null.</summary>
    public TrainingInputs? TrainingInputs { get; init; }

    /// <summary>Learned training targets, or null.</summary>
    public SoftTargets? Targets { get; init; }

    /// <summary>Learned example weights, or null.</summary>
    public ExampleWeights? ExampleWeights { get; init; }

    /// <summary>The raw parts that the tuned hyperparameters need.</summary>
    public RawParts Parts =>
        Roles(null).Where(role => role.Hyperparameter.IsTuned).Aggregate(RawParts.None, (parts, role) => parts | role.Part);

    /// <summary>The same set with every value written out for a model and a training set.</summary>
    /// <exception cref="MemoryException">A schedule of more steps than memory can hold.</exception>
    /// <exception cref="ConfigurationException">A value that makes no sense, or an array of values of the wrong length.</exception>
    public HyperparameterSet For(Mlp model, Dataset training)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        if (LearningRate.Steps != Momentum.Steps)
            throw new ConfigurationException(
                $"The learning rate has {LearningRate.Steps} steps and the momentum {Momentum.Steps}; give both the same number.");
        LearningRate.RequireMemory(model, "learning rate");
        Momentum.RequireMemory(model, "momentum");
        var result = this;
        foreach (var role in Roles(model))
        {
            var hyperparameter = role.Hyperparameter;
            int count = hyperparameter.CountFor(model, training);
            double[] values = hyperparameter.Values ?? hyperparameter.StartFor(model, training);
            if (values.Length != count)
                throw new ConfigurationException($"The {role.Name} has {values.Length} values where the network {model} needs {count}.");
            for (int i = 0; i < count; i++)
                if (!(hyperparameter.IsTuned ? role.Transform.Accepts(values[i]) : double.IsFinite(values[i])))
                    throw new ConfigurationException(
                        $"The {role.Name} of {hyperparameter.NameOf(i, model)} is {values[i]}; it must be "
                        + (hyperparameter.IsTuned ? $"{role.Transform.Requirement} to be tuned (or be Fixed())." : "finite."));
            result = result.With(role.Part, hyperparameter with { Values = values });
        }
        return result;
    }

    /// <summary>The tuned hyperparameters, in the order in which their coordinates lie in <see cref="ToVector"/>.</summary>
    /// <param name="model">The network; the set must have met it (<see cref="For"/>).</param>
    public IReadOnlyList<TunedHyperparameter> Tuned(Mlp model) =>
        [.. Roles(model).Where(role => role.Hyperparameter.IsTuned)
            .Select(role => new TunedHyperparameter(role.Name, role.Part, role.Transform, role.Hyperparameter, role.Hyperparameter.Values
                ?? throw new InvalidOperationException("The hyperparameter set has not met a model yet; call For first.")))];

    /// <summary>The coordinates of all tuned hyperparameters as one vector.</summary>
    /// <param name="model">The network; the set must have met it (<see cref="For"/>).</param>
    public double[] ToVector(Mlp model)
    {
        var tuned = Tuned(model);
        var vector = new double[tuned.Sum(hyperparameter => hyperparameter.Count)];
        int start = 0;
        foreach (var hyperparameter in tuned)
        {
            hyperparameter.Transform.Inverse(hyperparameter.Values, vector.AsSpan(start, hyperparameter.Count));
            start += hyperparameter.Count;
        }
        return vector;
    }

    /// <summary>The same set with other coordinates.</summary>
    /// <param name="model">The network; the set must have met it (<see cref="For"/>).</param>
    /// <param name="vector">As long as <see cref="ToVector"/>.</param>
    public HyperparameterSet WithVector(Mlp model, ReadOnlySpan<double> vector)
    {
        var result = this;
        int start = 0;
        foreach (var hyperparameter in Tuned(model))
        {
            var values = new double[hyperparameter.Count];
            hyperparameter.Transform.Forward(vector.Slice(start, hyperparameter.Count), values);
            result = result.With(hyperparameter.Part, hyperparameter.Hyperparameter with { Values = values });
            start += hyperparameter.Count;
        }
        return result;
    }

    private IEnumerable<(string Name, RawParts Part, Transform Transform, Hyperparameter Hyperparameter)> Roles(Mlp? model)
    {
        yield return ("learning rate", RawParts.LearningRate, Transform.Log, LearningRate);
        yield return ("momentum", RawParts.Momentum, Transform.Logit, Momentum);
        yield return ("initial scale", RawParts.InitialWeights, Transform.Log, InitialScale);
        if (L2 is not null)
            yield return ("L2 penalty", RawParts.L2, Transform.Log, L2);
        if (L1 is not null)
            yield return ("L1 penalty", RawParts.L1, Transform.Log, L1);
        if (TrainingInputs is not null)
            yield return ("training inputs", RawParts.Inputs, Transform.Identity, TrainingInputs);
        if (Targets is not null)
            yield return ("targets", RawParts.Targets,
                model is { Loss: Loss.SoftmaxCrossEntropy } ? Transform.Softmax(model.OutputSize) : Transform.Identity, Targets);
        if (ExampleWeights is not null)
            yield return ("example weights", RawParts.ExampleWeights, Transform.Log, ExampleWeights);
    }

    private HyperparameterSet With(RawParts part, Hyperparameter hyperparameter) => part switch
    {
        RawParts.LearningRate => this with { LearningRate = (Schedule)hyperparameter },
        RawParts.Momentum => this with { Momentum = (Schedule)hyperparameter },
        RawParts.InitialWeights => this with { InitialScale = (Scale)hyperparameter },
        RawParts.L2 => this with { L2 = (Penalty)hyperparameter },
        RawParts.L1 => this with { L1 = (Penalty)hyperparameter },
        RawParts.Inputs => this with { TrainingInputs = (TrainingInputs)hyperparameter },
        RawParts.Targets => this with { Targets = (SoftTargets)hyperparameter },
        _ => this with { ExampleWeights = (ExampleWeights)hyperparameter },
    };
}
