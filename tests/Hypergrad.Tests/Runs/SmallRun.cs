using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Runs;

/// <summary>A small run with every raw number at hand: random ones from a seed, to be changed at will before <see cref="ToRun"/>.</summary>
internal sealed class SmallRun
{
    private readonly Philox random;
    private ulong drawn;

    /// <summary>Draws a run; two of the same seed and settings are the same.</summary>
    public SmallRun(
        ulong seed, int[] layers, Activation activation = Activation.Tanh, Loss loss = Loss.SoftmaxCrossEntropy, int steps = 5,
        int examples = 6,
        Sharing learningRates = Sharing.Tensor, Sharing momenta = Sharing.Tensor, int largestBatch = 5)
    {
        random = new Philox(seed, 12345);
        Model = new Mlp(layers, activation, loss);
        LearningRateGrouping = new(Model, learningRates);
        MomentumGrouping = new(Model, momenta);
        LearningRate = Numbers(steps * LearningRateGrouping.Count, 0.2, 0.9);
        Momentum = Numbers(steps * MomentumGrouping.Count, 0.3, 0.95);
        InitialWeights = Numbers(Model.ParameterCount, -0.8, 0.8);
        L2 = Numbers(Model.ParameterCount, 0, 0.05);
        L1 = Numbers(Model.ParameterCount, 0, 0.02);
        Inputs = Numbers(examples * Model.InputSize, -1.5, 1.5);
        Targets = RandomTargets(examples);
        ExampleWeights = Numbers(examples, 0.3, 1.7);
        Batches = [.. Enumerable.Range(0, steps).Select(_ => Draw(1 + Next(largestBatch), examples))];
        Validation = new(new Table(Numbers(4 * Model.InputSize, -1.5, 1.5), Model.InputSize),
            new Table(RandomTargets(4), Model.OutputSize));
    }

    public Mlp Model { get; }

    public WeightGrouping LearningRateGrouping { get; }

    public WeightGrouping MomentumGrouping { get; }

    public int Steps => Batches.Length;

    public double[] LearningRate { get; set; }

    public double[] Momentum { get; set; }

    public double[] InitialWeights { get; set; }

    public double[] L2 { get; set; }

    public double[] L1 { get; set; }

    public double[] Inputs { get; set; }

    public double[] Targets { get; set; }

    public double[] ExampleWeights { get; set; }

    /// <summary>Repeats within a batch are likely, and the sizes vary.</summary>
    public int[][] Batches { get; set; }

    public Dataset Validation { get; set; }

    /// <summary>The array of one raw quantity; the initial velocity has none.</summary>
    public double[] this[RawParts part] => part switch
    {
        RawParts.LearningRate => LearningRate,
        RawParts.Momentum => Momentum,
        RawParts.InitialWeights => InitialWeights,
        RawParts.L2 => L2,
        RawParts.L1 => L1,
        RawParts.Inputs => Inputs,
        RawParts.Targets => Targets,
        _ => ExampleWeights,
    };

    /// <summary>One replica of a run, every number written out.</summary>
    public static SmallRun Of(TrainingRun run, int replica, Dataset validation)
    {
        var (training, weights) = (run.Training, new double[run.Model.ParameterCount]);
        run.InitialWeights.Fill(replica, 0, weights);
        return new(1, [.. run.Model.Layers], run.Model.Activation, run.Model.Loss, run.Steps, training.Count,
            run.LearningRate.Grouping.Sharing, run.Momentum.Grouping.Sharing)
        {
            LearningRate = run.LearningRate.Values.ToArray(),
            Momentum = run.Momentum.Values.ToArray(),
            InitialWeights = weights,
            L2 = Spread(run.L2),
            L1 = Spread(run.L1),
            Inputs = training.Inputs.ToArray(),
            Targets = training.Targets.ToArray(),
            ExampleWeights = run.ExampleWeights ?? [.. Enumerable.Repeat(1.0, training.Count)],
            Batches = [.. Enumerable.Range(0, run.Steps).Select(step => run.Minibatches.Indices(step, replica))],
            Validation = validation,
        };

        double[] Spread(PenaltyTable? penalty)
        {
            var coefficients = new double[weights.Length];
            penalty?.Grouping.Spread(penalty.Values, coefficients);
            return coefficients;
        }
    }

    public TrainingRun ToRun() => new(Model, TrainingSet(), ToRaw());

    public Dataset TrainingSet() =>
        new(new Table((double[])Inputs.Clone(), Model.InputSize), new Table((double[])Targets.Clone(), Model.OutputSize));

    public RawRun ToRaw() => new()
    {
        LearningRate = new(LearningRateGrouping, (double[])LearningRate.Clone(), "learning rate"),
        Momentum = new(MomentumGrouping, (double[])Momentum.Clone(), "momentum"),
        InitialWeights = Hypergrad.Runs.InitialWeights.Explicit((double[])InitialWeights.Clone()),
        Minibatches = MinibatchPlan.Explicit(Batches, ExampleWeights.Length),
        L2 = new(new(Model, Sharing.Weight), (double[])L2.Clone(), "L2"),
        L1 = new(new(Model, Sharing.Weight), (double[])L1.Clone(), "L1"),
        ExampleWeights = (double[])ExampleWeights.Clone(),
    };

    private double[] RandomTargets(int count)
    {
        if (Model.Loss == Loss.Squared)
            return Numbers(count * Model.OutputSize, -1, 1);
        var targets = Numbers(count * Model.OutputSize, 0.05, 1);
        for (int start = 0; start < targets.Length; start += Model.OutputSize)
        {
            double total = targets.AsSpan(start, Model.OutputSize).ToArray().Sum();
            for (int c = start; c < start + Model.OutputSize; c++)
                targets[c] /= total;
        }
        return targets;
    }

    private double[] Numbers(int count, double lowest, double highest) =>
        [.. Enumerable.Range(0, count).Select(_ => lowest + random.Uniform(drawn++) * (highest - lowest))];

    private int[] Draw(int count, int below) => [.. Enumerable.Range(0, count).Select(_ => Next(below))];

    private int Next(int below) => (int)(random.Uniform(drawn++) * below);
}
