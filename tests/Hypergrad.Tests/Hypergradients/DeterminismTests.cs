using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>The same bits whatever the threads, at every time, and for a replica whatever runs beside it.</summary>
[TestFixture]
public sealed class DeterminismTests
{
    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new StoredMethod(), new CheckpointedMethod(), new DrMadMethod(), new DrMadMethod { ReverseSteps = 3 }];

    [TestCaseSource(nameof(Methods))]
    public void Threads_ChangeNothing(HypergradientMethod method)
    {
        // More weights than a tile, and batches worth sharing.
        var (run, validation) = Run([20, 80, 60, 3], steps: 4, batchSize: 70, replicas: 2);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var one = Compute(run, validation, method, precision, threads: 1);
            foreach (int threads in (int[])[1, 2, 3])
                AssertSame(Compute(run, validation, method, precision, threads), one);
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void Replicas_AreTheRunsTheyWouldBeAlone(HypergradientMethod method)
    {
        var (run, validation) = Run([5, 7, 3], steps: 6, batchSize: 9, replicas: 3);
        var three = Compute(run, validation, method, Precision.Double, threads: 2);
        var alone = Compute(run with { Replicas = 1 }, validation, method, Precision.Double, threads: 1);
        Assert.That(three.FinalWeights, Has.Count.EqualTo(3));
        Close.AssertSame(three.FinalWeights![0], alone.FinalWeights![0], "final weights of the first");
        Assert.That(three.FinalWeights[1], Is.Not.EqualTo(three.FinalWeights[0]));

        // Two replicas give away each one's part: with R = 1, 2, 3 the sums grow by one replica's gradient at a time.
        var two = Compute(run with { Replicas = 2 }, validation, method, Precision.Double, threads: 2);
        Close.AssertSame(two.FinalWeights![1], three.FinalWeights[1], "final weights of the second");
        for (int i = 0; i < alone.Coordinates.Length; i++)
        {
            double first = alone.Coordinates[i], second = 2 * two.Coordinates[i] - first, third = 3 * three.Coordinates[i] - first - second;
            double mean = (first + second + third) / 3;
            double variance = ((first - mean) * (first - mean) + (second - mean) * (second - mean) + (third - mean) * (third - mean)) / 2;
            Assert.That(three.CoordinatesStandardError![i], Is.EqualTo(Math.Sqrt(variance / 3)).Within(1e-9 * Math.Sqrt(variance) + 1e-14));
            Assert.That(two.CoordinatesStandardError![i],
                Is.EqualTo(Math.Abs(second - first) / 2).Within(1e-9 * Math.Abs(second - first) + 1e-14));
        }
        Assert.That(alone.CoordinatesStandardError, Is.Null);
        Assert.That(alone.RawStandardError, Is.Null);
        Assert.That(alone.Validation.StandardError, Is.NaN);
        Assert.That(three.Validation.StandardError, Is.GreaterThan(0));
        Assert.That(three.RawStandardError![Quantity.LearningRate], Has.Length.EqualTo(three.Raw[Quantity.LearningRate]!.Length));
    }

    [Test]
    public void Seeds_MakeOtherRuns()
    {
        var (run, validation) = Run([5, 7, 3], steps: 4, batchSize: 9, replicas: 1);
        var one = Compute(run, validation, Methods[0], Precision.Double, 1);
        var other = Compute(run with { Seed = 2 }, validation, Methods[0], Precision.Double, 1);
        Assert.That(other.ValidationLoss, Is.Not.EqualTo(one.ValidationLoss));
    }

    private static (TrainingRun Run, Dataset Validation) Run(int[] layers, int steps, int batchSize, int replicas)
    {
        var random = new Philox(12);
        Dataset Data(int count, ulong from)
        {
            double[] inputs = [.. Enumerable.Range(0, count * layers[0]).Select(i => 2 * random.Uniform(from + (ulong)i) - 1)];
            var targets = new double[count * layers[^1]];
            for (int i = 0; i < count; i++)
                targets[i * layers[^1] + (inputs[i * layers[0]] > 0 ? 1 : 0)] = 1;
            return new(new Table(inputs, layers[0]), new Table(targets, layers[^1]));
        }
        var hyperparameters = new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Unit, 0.3),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.8),
            },
            InitialScale = Scale.Per(Sharing.Tensor, 0.2),
            L2 = Penalty.Per(Sharing.Weight, 1e-3),
            L1 = Penalty.Per(Sharing.Layer, 1e-4),
            TrainingInputs = TrainingInputs.Of([0, 1, 2]),
            ExampleWeights = ExampleWeights.All(),
        };
        var network = Network.Mlp(layers, Activation.Gelu);
        var run = new TrainingRun(network, Data(100, 0), hyperparameters) { BatchSize = batchSize, Replicas = replicas };
        return (run, Data(300, 1 << 20));
    }

    private static Hypergradient Compute(TrainingRun run, Dataset validation, HypergradientMethod method, Precision precision, int threads)
    {
        using var backend = new ManagedBackend(threads);
        return Hypergradient.Compute(
            run, validation, method,
            new() { Backend = backend, Precision = precision, Quantities = [.. run.Lower().Quantities], KeepFinalWeights = true });
    }

    private static void AssertSame(Hypergradient actual, Hypergradient expected)
    {
        Close.AssertSame([.. actual.FinalWeights!.SelectMany(w => w)], [.. expected.FinalWeights!.SelectMany(w => w)], "final weights");
        Close.AssertSame([actual.ValidationLoss], [expected.ValidationLoss], "validation loss");
        Assert.That(actual.Validation, Is.EqualTo(expected.Validation));
        Close.AssertSame(actual.TrainingLosses, expected.TrainingLosses, "training losses");
        Close.AssertSame(actual.Coordinates, expected.Coordinates, "coordinates");
        Close.AssertSame(actual.Raw, expected.Raw);
        Close.AssertSame(actual.RawStandardError!, expected.RawStandardError!);
    }
}
