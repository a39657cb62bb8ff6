using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Runs;

/// <summary>
/// A small run of a perceptron with every raw number at hand: random ones from a seed, to be changed at will before <see cref="ToRun"/>.
/// </summary>
internal sealed class SmallRun
{
    private readonly Philox random;
    private readonly Dictionary<Quantity, (WeightGrouping Grouping, double[] Values)> tables = [];
    private ulong drawn;

    /// <summary>Draws a run of momentum; two of the same seed and settings are the same.</summary>
    public SmallRun(
        ulong seed, int[] layers, Activation activation = Activation.Tanh, Loss loss = Loss.SoftmaxCrossEntropy, int steps = 5,
        int examples = 6,
        Sharing learningRates = Sharing.Tensor, Sharing momenta = Sharing.Tensor, int largestBatch = 5)
    {
        random = new Philox(seed, 12345);
        Network = Network.Mlp(layers, activation, loss);
        Activation = activation;
        DrawTable(Quantity.LearningRate, learningRates, steps, 0.2, 0.9);
        DrawTable(Quantity.Momentum, momenta, steps, 0.3, 0.95);
        InitialWeights = Numbers(Network.ParameterCount, -0.8, 0.8);
        L2 = Numbers(Network.ParameterCount, 0, 0.05);
        L1 = Numbers(Network.ParameterCount, 0, 0.02);
        Inputs = Numbers(examples * Network.InputSize, -1.5, 1.5);
        Targets = RandomTargets(examples);
        ExampleWeights = Numbers(examples, 0.3, 1.7);
        Batches = [.. Enumerable.Range(0, steps).Select(_ => Draw(1 + Next(largestBatch), examples))];
        Validation = new(new Table(Numbers(4 * Network.InputSize, -1.5, 1.5), Network.InputSize),
            new Table(RandomTargets(4), Network.OutputSize));
    }

    public Network Network { get; }

    /// <summary>That of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <summary>What makes the list of updates; its own schedules are not used.</summary>
    public Optimizer Optimizer { get; set; } = OptimizerKinds.ByName["momentum"];

    public WeightGrouping LearningRateGrouping => tables[Quantity.LearningRate].Grouping;

    public WeightGrouping MomentumGrouping => tables[Quantity.Momentum].Grouping;

    public int Steps => Batches.Length;

    public double[] LearningRate { get => this[Quantity.LearningRate]; set => SetTable(Quantity.LearningRate, value); }

    public double[] Momentum { get => this[Quantity.Momentum]; set => SetTable(Quantity.Momentum, value); }

    public double[] InitialWeights { get; set; }

    public double[] L2 { get; set; }

    public double[] L1 { get; set; }

    public double[] Inputs { get; set; }

    public double[] Targets { get; set; }

    public double[] ExampleWeights { get; set; }

    /// <summary>Repeats within a batch are likely, and the sizes vary.</summary>
    public int[][] Batches { get; set; }

    public Dataset Validation { get; set; }

    /// <summary>The quantities of its optimizer.</summary>
    public IEnumerable<Quantity> Scheduled => Optimizer.Schedules.Select(entry => entry.Quantity);

    /// <summary>The array of one raw quantity; the initial velocity has none.</summary>
    public double[] this[Quantity quantity] =>
        tables.TryGetValue(quantity, out var table) ? table.Values
        : quantity == Quantity.InitialWeights ? InitialWeights
        : quantity == Quantity.L2 ? L2
        : quantity == Quantity.L1 ? L1
        : quantity == Quantity.Inputs ? Inputs
        : quantity == Quantity.Targets ? Targets
        : quantity == Quantity.ExampleWeights ? ExampleWeights
        : throw new ArgumentException($"The run has no numbers for the {quantity}.", nameof(quantity));

    /// <summary>Which weights share a column of a table.</summary>
    public WeightGrouping GroupingOf(Quantity quantity) => tables[quantity].Grouping;

    /// <summary>One replica of a run, every number written out.</summary>
    public static SmallRun Of(TrainingRun run, int replica, Dataset validation)
    {
        var raw = run.Lower();
        var (training, weights) = (run.Training, new double[run.Network.ParameterCount]);
        raw.InitialWeights.Fill(replica, 0, weights);
        Dense[] layers = [.. run.Network.Layers.Cast<Dense>()];
        var small = new SmallRun(1, [run.Network.InputSize, .. layers.Select(layer => layer.Units)], layers[0].Activation,
            run.Network.Loss, run.Steps, training.Count)
        {
            Optimizer = run.Hyperparameters!.Optimizer,
            InitialWeights = weights,
            L2 = Spread(raw.L2),
            L1 = Spread(raw.L1),
            Inputs = training.Inputs.ToArray(),
            Targets = training.Targets.ToArray(),
            ExampleWeights = raw.ExampleWeights ?? [.. Enumerable.Repeat(1.0, training.Count)],
            Batches = [.. Enumerable.Range(0, run.Steps).Select(step => raw.Minibatches.Indices(step, replica))],
            Validation = validation,
        };
        foreach (var (quantity, table) in small.Optimizer.TablesFor(run.Network).All)
            small.tables[quantity] = (table.Grouping, table.Values.ToArray());
        return small;

        double[] Spread(PenaltyTable? penalty)
        {
            var coefficients = new double[weights.Length];
            penalty?.Grouping.Spread(penalty.Values, coefficients);
            return coefficients;
        }
    }

    /// <summary>The same run, trained by AdamW.</summary>
    /// <param name="rates">Who shares learning rates and weight decays.</param>
    /// <param name="betas">Who shares β₁ and β₂.</param>
    /// <param name="epsilon">ε, of all weights and steps.</param>
    public SmallRun WithAdamW(Sharing rates = Sharing.Tensor, Sharing betas = Sharing.Tensor, double epsilon = 1e-3)
    {
        Optimizer = OptimizerKinds.ByName["adamw"];
        DrawTable(Quantity.LearningRate, rates, Steps, 0.01, 0.06);
        DrawTable(Quantity.WeightDecay, rates, Steps, 0.05, 0.8);
        DrawTable(Quantity.Beta1, betas, Steps, 0.5, 0.95);
        DrawTable(Quantity.Beta2, betas, Steps, 0.8, 0.999);
        DrawTable(Quantity.Epsilon, Sharing.All, Steps, epsilon, epsilon);
        return this;
    }

    /// <summary>The same run, trained by Nesterov's momentum.</summary>
    public SmallRun WithNesterov(double? dampening = 0)
    {
        Optimizer = ((Nesterov)OptimizerKinds.ByName["nesterov"]).WithDampening(dampening);
        return this;
    }

    /// <summary>The same run with another dampening; null for the momentum itself.</summary>
    public SmallRun WithDampening(double? dampening)
    {
        Optimizer = ((IDampened)Optimizer).WithDampening(dampening);
        return this;
    }

    public TrainingRun ToRun() => new(ToRaw());

    public Dataset TrainingSet() =>
        new(new Table((double[])Inputs.Clone(), Network.InputSize), new Table((double[])Targets.Clone(), Network.OutputSize));

    public RawRun ToRaw() => new()
    {
        Network = Network,
        Training = TrainingSet(),
        Optimizer = Optimizer.Lower(Tables()),
        InitialWeights = Hypergrad.Runs.InitialWeights.Explicit((double[])InitialWeights.Clone()),
        Minibatches = MinibatchPlan.Explicit(Batches, ExampleWeights.Length),
        L2 = new(new(Network, Sharing.Weight), (double[])L2.Clone(), "L2"),
        L1 = new(new(Network, Sharing.Weight), (double[])L1.Clone(), "L1"),
        ExampleWeights = (double[])ExampleWeights.Clone(),
    };

    /// <summary>The tables of the optimizer's quantities.</summary>
    public OptimizerTables Tables()
    {
        var result = new OptimizerTables();
        foreach (var quantity in Scheduled)
            result[quantity] = new(tables[quantity].Grouping, (double[])tables[quantity].Values.Clone(), quantity.Name);
        return result;
    }

    /// <summary>Other numbers for a table of the optimizer.</summary>
    public void SetTable(Quantity quantity, double[] values) => tables[quantity] = (tables[quantity].Grouping, values);

    private void DrawTable(Quantity quantity, Sharing sharing, int steps, double lowest, double highest)
    {
        var grouping = new WeightGrouping(Network, sharing);
        tables[quantity] = (grouping, Numbers(steps * grouping.Count, lowest, highest));
    }

    private double[] RandomTargets(int count)
    {
        if (Network.Loss == Loss.Squared)
            return Numbers(count * Network.OutputSize, -1, 1);
        var targets = Numbers(count * Network.OutputSize, 0.05, 1);
        for (int start = 0; start < targets.Length; start += Network.OutputSize)
        {
            double total = targets.AsSpan(start, Network.OutputSize).ToArray().Sum();
            for (int c = start; c < start + Network.OutputSize; c++)
                targets[c] /= total;
        }
        return targets;
    }

    private double[] Numbers(int count, double lowest, double highest) =>
        [.. Enumerable.Range(0, count).Select(_ => lowest + random.Uniform(drawn++) * (highest - lowest))];

    private int[] Draw(int count, int below) => [.. Enumerable.Range(0, count).Select(_ => Next(below))];

    private int Next(int below) => (int)(random.Uniform(drawn++) * below);
}
