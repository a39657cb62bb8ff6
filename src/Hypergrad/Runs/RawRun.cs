using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;

namespace Hypergrad.Runs;

/// <summary>
/// One training run as backends see it: every quantity given. L_t(w) = (1/B) Σ ω_i ℓ_i(w) + Σ λ_j w_j² + Σ μ_j |w_j| over the minibatch of
/// step t, moved by the updates of an optimizer.
/// </summary>
public sealed record RawRun
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>The training set; its sizes are the network's.</summary>
    public required Dataset Training { get; init; }

    /// <summary>The updates of a step, and their coefficients.</summary>
    public required RawOptimizer Optimizer { get; init; }

    /// <summary>w₀.</summary>
    public required InitialWeights InitialWeights { get; init; }

    /// <summary>Which examples every step sees.</summary>
    public required MinibatchPlan Minibatches { get; init; }

    /// <summary>λ, or null for none.</summary>
    public PenaltyTable? L2 { get; init; }

    /// <summary>μ, or null for none.</summary>
    public PenaltyTable? L1 { get; init; }

    /// <summary>ω, [training examples], or null when every example counts 1.</summary>
    public double[]? ExampleWeights { get; init; }

    /// <summary>R, how many runs, each of a seed of its own, are trained side by side; at least 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The seed of dropout masks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>T, how many training steps.</summary>
    public int Steps => Optimizer.Steps;

    /// <summary>Every quantity whose hypergradient the run has.</summary>
    public IEnumerable<Quantity> Quantities => Optimizer.Quantities
        .Append(Quantity.InitialWeights).Append(Quantity.L2).Append(Quantity.L1).Append(Quantity.ExampleWeights)
        .Concat(Network.Input.IsTokens ? [] : [Quantity.Inputs])
        .Concat(Training.HasClassTargets ? [] : [Quantity.Targets])
        .OrderBy(quantity => quantity.Order);

    /// <summary>Refuses a run that cannot be trained.</summary>
    /// <exception cref="ConfigurationException">The message names the quantity and the remedy.</exception>
    public void Validate()
    {
        if (Replicas < 1)
            throw new ConfigurationException($"{Replicas} replicas: at least 1 run must be trained.");
        RequireFit(Network, Training, "training");
        if (Minibatches.Steps is { } planned && planned != Steps)
            throw new ConfigurationException(
                $"The minibatch plan has {planned} steps and the schedules {Steps}; give both the same number.");
        if (Minibatches.ExampleCount != Training.Count)
            throw new ConfigurationException(
                $"The minibatch plan is over {Minibatches.ExampleCount} examples and the training set has {Training.Count}.");
        foreach (var coefficient in Optimizer.Coefficients)
            RequireCoefficient(coefficient);
        RequireFit(L2?.Grouping, "L2 penalty");
        RequireFit(L1?.Grouping, "L1 penalty");
        if (InitialWeights.Count is { } given && given != Network.ParameterCount)
            throw new ConfigurationException(
                $"{given} initial weights for the network {Network}, which has {Network.ParameterCount}; give one each.");
        if (ExampleWeights is { } weights)
            RequireExampleWeights(weights);
    }

    /// <summary>Refuses data that does not fit a network.</summary>
    internal static void RequireFit(Network network, Dataset data, string what)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.InputSize != network.InputSize)
            throw new ConfigurationException($"The {what} inputs have {data.InputSize} numbers and the network {network} takes "
                + $"{network.InputSize}; make its first layer {data.InputSize}.");
        RequireTokens(network, data.Inputs, what);
        if (data.HasClassTargets)
        {
            if (network.Loss == Loss.Squared)
                throw new ConfigurationException($"The {what} targets are class numbers, and the squared loss compares numbers; give "
                    + "numbers as targets, or use softmax cross-entropy.");
            if (data.TargetSize != network.OutputShape.Positions)
                throw new ConfigurationException($"The {what} targets have {data.TargetSize} class numbers an example and the network "
                    + $"{network} gives outputs at {network.OutputShape.Positions} positions; give one class number for each.");
            RequireWholeBelow(data.Targets, network.OutputSize, $"{what} target", "class number");
        }
        else if (data.TargetSize != network.OutputShape.Count)
        {
            int positions = network.OutputShape.Positions;
            throw new ConfigurationException($"The {what} targets have {data.TargetSize} numbers and the network {network} gives "
                + $"{network.OutputShape.Count}; " + (data.TargetSize % positions == 0
                    ? $"make its last layer {data.TargetSize / positions}."
                    : $"it does so at {positions} positions: put a flatten, or a global average pooling, before its last layer."));
        }
    }

    /// <summary>Refuses inputs of a network of tokens that are none.</summary>
    internal static void RequireTokens(Network network, Table inputs, string what)
    {
        if (network.Input.Vocabulary is { } vocabulary)
            RequireWholeBelow(inputs, vocabulary, $"{what} input", "token");
    }

    private static void RequireWholeBelow(Table table, int bound, string what, string name)
    {
        for (int row = 0; row < table.Rows; row++)
            for (int column = 0; column < table.Columns; column++)
                if (table[row, column] is var number && !(number >= 0 && number < bound && number == Math.Floor(number)))
                    throw new ConfigurationException($"The {what} of example {row} has {number} at position {column}, which is no {name}; "
                        + $"they are whole numbers from 0 to {bound - 1}.");
    }

    private void RequireCoefficient(Coefficient coefficient)
    {
        RequireFit(coefficient.Grouping, coefficient.Quantities.First().Name);
        if (coefficient.Steps != Steps)
            throw new ConfigurationException($"The {coefficient.Quantities.First()} has {coefficient.Steps} steps and another schedule of "
                + $"the optimizer {Steps}; give all the same number.");
        int bad = Array.FindIndex(coefficient.Values, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ConfigurationException($"The {coefficient.Quantities.First()} of step {bad / coefficient.Grouping.Count}, "
                + $"{coefficient.Grouping.NameOf(bad % coefficient.Grouping.Count)} is {coefficient.Values[bad]}; it must be finite.");
    }

    private void RequireFit(WeightGrouping? grouping, string name)
    {
        if (grouping is not null && !grouping.Network.HasLayersOf(Network))
            throw new ConfigurationException(
                $"The {name} is grouped for the network {grouping.Network} and the run trains {Network}; group it for that one.");
    }

    private void RequireExampleWeights(double[] weights)
    {
        if (weights.Length != Training.Count)
            throw new ConfigurationException($"{weights.Length} example weights for {Training.Count} training examples; give one each.");
        for (int i = 0; i < weights.Length; i++)
            if (!double.IsFinite(weights[i]))
                throw new ConfigurationException($"The weight of training example {i} is {weights[i]}; it must be finite.");
    }
}
