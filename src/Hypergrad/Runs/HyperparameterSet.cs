using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.Runs;

/// <summary>
/// The hyperparameters of a training run, in any combination. Those that are tuned form one vector of unconstrained coordinates
/// (<see cref="Quantity.Transform"/>), in the order of <see cref="Quantity.All"/>.
/// </summary>
public sealed record HyperparameterSet
{
    /// <summary>How training moves the weights, and its schedules.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>The scale of the initial weights.</summary>
    public Scale InitialScale { get; init; } = Scale.Per(Sharing.Tensor, 0.05).Fixed();

    /// <summary>The weights that training leaves alone, for a network that has some; null leaves them at 0.</summary>
    public HeldWeights? HeldWeights { get; init; }

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

    /// <summary>The quantities that the tuned hyperparameters drive.</summary>
    public IReadOnlyList<Quantity> TunedQuantities =>
        [.. Stated.Where(entry => entry.Hyperparameter.IsTuned).Select(entry => entry.Quantity)];

    /// <summary>The hyperparameters of the set by the quantity that each drives, in the order of <see cref="Quantity.All"/>.</summary>
    public IReadOnlyList<(Quantity Quantity, Hyperparameter Hyperparameter)> Stated =>
    [
        .. Optimizer.Schedules.Select(entry => (entry.Quantity, (Hyperparameter)entry.Schedule)),
        .. new (Quantity, Hyperparameter?)[]
        {
            (Quantity.InitialWeights, InitialScale), (Quantity.InitialWeights, HeldWeights), (Quantity.L2, L2), (Quantity.L1, L1),
            (Quantity.Inputs, TrainingInputs), (Quantity.Targets, Targets), (Quantity.ExampleWeights, ExampleWeights),
        }.Where(entry => entry.Item2 is not null).Select(entry => (entry.Item1, entry.Item2!)),
    ];

    /// <summary>The hyperparameter that drives a quantity, or null.</summary>
    public Hyperparameter? this[Quantity quantity] => Stated.FirstOrDefault(entry => entry.Quantity == quantity).Hyperparameter;

    /// <summary>The same set with every value written out for a network and a training set.</summary>
    /// <exception cref="MemoryException">A schedule of more steps than memory can hold.</exception>
    /// <exception cref="ConfigurationException">A value that makes no sense, or an array of values of the wrong length.</exception>
    public HyperparameterSet For(Network network, Dataset training)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(training);
        foreach (var (quantity, schedule) in Optimizer.Schedules)
            schedule.RequireMemory(network, Optimizer.Steps, quantity.Name);
        if (HeldWeights.AreIn(network) && this[Quantity.LearningRate] is { IsTuned: true })
            throw new ConfigurationException($"The network {network} has weights that training leaves alone, by a learning rate of 0, and "
                + "the learning rate is to be tuned: leave it as it is here, and tune it in a run of its own.");
        var result = this;
        foreach (var (quantity, hyperparameter) in Stated)
        {
            int count = hyperparameter.CountFor(network, training);
            double[] values = hyperparameter.Values ?? hyperparameter.StartFor(network, training);
            if (values.Length != count)
                throw new ConfigurationException($"The {quantity} has {values.Length} values where the network {network} needs {count}.");
            _ = (hyperparameter as Penalty)?.Map?.Made(values, network) ?? (hyperparameter as HeldWeights)?.Map.Made(values, network);
            var transform = TransformOf(quantity, hyperparameter, network, count);
            for (int i = 0; i < count; i++)
                if (!(hyperparameter.IsTuned ? transform.Accepts(values[i]) : double.IsFinite(values[i])))
                    throw new ConfigurationException($"The {quantity} of {hyperparameter.NameOf(i, network)} is {values[i]}; it must be "
                        + (hyperparameter.IsTuned ? $"{transform.Requirement} to be tuned." : "finite."));
            result = result.With(quantity, hyperparameter with { Values = values });
        }
        return result;
    }

    /// <summary>The tuned hyperparameters, in the order in which their coordinates lie in <see cref="ToVector"/>.</summary>
    /// <param name="network">The network; the set must have met it (<see cref="For"/>).</param>
    public IReadOnlyList<TunedHyperparameter> Tuned(Network network) =>
        [.. Stated.Where(entry => entry.Hyperparameter.IsTuned).Select(entry => Tuned(entry.Quantity, entry.Hyperparameter, network))];

    /// <summary>The coordinates of all tuned hyperparameters as one vector.</summary>
    /// <param name="network">The network; the set must have met it (<see cref="For"/>).</param>
    public double[] ToVector(Network network)
    {
        var tuned = Tuned(network);
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
    /// <param name="network">The network; the set must have met it (<see cref="For"/>).</param>
    /// <param name="vector">As long as <see cref="ToVector"/>.</param>
    public HyperparameterSet WithVector(Network network, ReadOnlySpan<double> vector)
    {
        var result = this;
        int start = 0;
        foreach (var hyperparameter in Tuned(network))
        {
            var values = new double[hyperparameter.Count];
            hyperparameter.Transform.Forward(vector.Slice(start, hyperparameter.Count), values);
            result = result.With(hyperparameter.Quantity, hyperparameter.Hyperparameter with { Values = values });
            start += hyperparameter.Count;
        }
        return result;
    }

    /// <summary>The same set with another hyperparameter for a quantity that it states.</summary>
    public HyperparameterSet With(Quantity quantity, Hyperparameter hyperparameter) => hyperparameter switch
    {
        Schedule schedule => this with { Optimizer = Optimizer.With(quantity, schedule) },
        Scale scale => this with { InitialScale = scale },
        HeldWeights held => this with { HeldWeights = held },
        Penalty penalty => quantity == Quantity.L2 ? this with { L2 = penalty } : this with { L1 = penalty },
        TrainingInputs inputs => this with { TrainingInputs = inputs },
        SoftTargets targets => this with { Targets = targets },
        ExampleWeights weights => this with { ExampleWeights = weights },
        _ => throw new ArgumentException($"No quantity is driven by a {hyperparameter?.GetType().Name}.", nameof(hyperparameter)),
    };

    private static TunedHyperparameter Tuned(Quantity quantity, Hyperparameter hyperparameter, Network network)
    {
        var values = hyperparameter.Values
            ?? throw new InvalidOperationException("The hyperparameter set has not met a network yet; call For first.");
        return new(quantity, TransformOf(quantity, hyperparameter, network, values.Length), hyperparameter, values);
    }

    private static Transform TransformOf(Quantity quantity, Hyperparameter hyperparameter, Network network, int count) =>
        hyperparameter.Transform ?? hyperparameter.OwnTransform(network, count) ?? quantity.Transform;
}
