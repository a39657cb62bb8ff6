using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>What an exact hypergradient takes beyond the data: a few numbers per weight, the spilled bits, the activations of one
/// batch.</summary>
[TestFixture, NonParallelizable]
public sealed class MemoryTests
{
    private const int BatchSize = 200;
    private static readonly Network Network = Network.Mlp([784, 50, 50, 50, 10]);

    [Test]
    public void ExactHypergradient_TakesAtMost64BytesPerWeight_FlatInTheSteps()
    {
        long few = PeakWithoutPlanes(20), many = PeakWithoutPlanes(100);
        Assert.That(few, Is.LessThanOrEqualTo(64L * Network.ParameterCount), $"{few / (double)Network.ParameterCount:F1} bytes per weight");
        Assert.That(many, Is.EqualTo(few), "more steps take more planes and nothing else");
    }

    [Test]
    public void MemoryBudget_IsUsed_AndKeptTo()
    {
        long plain = Peak(new ReversibleMethod());
        foreach (long budget in new[] { 4L << 20, 16L << 20 })
            Assert.That(Peak(new ReversibleMethod { MemoryBudget = budget }) - plain, Is.GreaterThan(budget / 2).And.LessThanOrEqualTo(budget));

        static long Peak(HypergradientMethod method)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            NativeMemoryTally.ResetPeak();
            long before = NativeMemoryTally.Live;
            Compute(20, null, method);
            return NativeMemoryTally.Peak - before;
        }
    }

    /// <summary>Of convolutions each operation has products of its own, which must not have rooms of their own at every step that is kept.</summary>
    [Test]
    public void MemoryBudget_IsKeptTo_ByConvolutions()
    {
        const int steps = 8, examples = 64;
        var network = new Network([12, 12, 16], new Convolution(32, 3, 1, Activation.Relu), new Convolution(64, 5, 2, Activation.Gelu),
            new MaxPool(2), new Convolution(20, 3, 1, Activation.Tanh), new Flatten(), new Dense(3));
        var data = new OperationCase(network, examples).Data;
        var run = new TrainingRun(network, data, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.9),
            },
        })
        { BatchSize = examples };
        using var backend = new ManagedBackend(1);
        long plain = Peak(new());
        foreach (long budget in new[] { 40L << 20, 100L << 20 })
            Assert.That(Peak(new() { MemoryBudget = budget }) - plain, Is.GreaterThan(budget / 2).And.LessThanOrEqualTo(budget));

        long Peak(ReversibleMethod method)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            NativeMemoryTally.ResetPeak();
            long before = NativeMemoryTally.Live;
            _ = Hypergradient.Compute(run, data, method, new() { Backend = backend });
            return NativeMemoryTally.Peak - before;
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void Dispose_GivesAllMemoryBack(HypergradientMethod method)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeMemoryTally.Live;
        NativeMemoryTally.ResetPeak();
        Compute(3, null, method);
        Assert.That(NativeMemoryTally.Live, Is.EqualTo(before));
        Assert.That(NativeMemoryTally.Peak, Is.GreaterThan(before + 12L * Network.ParameterCount));
    }

    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new ReversibleMethod { MemoryBudget = 4 << 20 }, new StoredMethod(), new CheckpointedMethod(), new DrMadMethod(), new DrMadMethod { ReverseSteps = 2 }];

    // The peak, less the planes, the batch itself, per layer a, ȧ and ż, and e and ė at two places in turn.
    private static long PeakWithoutPlanes(int steps)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeMemoryTally.ResetPeak();
        long before = NativeMemoryTally.Live;
        var result = Compute(steps, [Quantity.LearningRate, Quantity.Momentum, Quantity.L2], new ReversibleMethod());
        long planes = (long)Math.Round(result.Reversal!.BitsPerWeightStep / 8 * Network.ParameterCount * steps);
        long units = Network.Layers.Cast<Dense>().Sum(layer => layer.Units), widest = Network.Layers.Cast<Dense>().Max(layer => layer.Units),
            activations = sizeof(float) * BatchSize * (3 * units + 4 * widest + Network.InputSize + 3L * Network.OutputSize);
        return NativeMemoryTally.Peak - before - activations - (planes + 63) / 64 * 64;
    }

    private static Hypergradient Compute(int steps, IReadOnlyCollection<Quantity>? quantities, HypergradientMethod method)
    {
        using var backend = new ManagedBackend(1);
        var run = new TrainingRun(Network, Data(BatchSize, 1), new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.3),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.9),
            },
            L2 = Penalty.Per(Sharing.Weight, 1e-6),
        })
        { BatchSize = BatchSize };
        return Hypergradient.Compute(run, Data(50, 2), method, new() { Backend = backend, Quantities = quantities ?? [.. run.Lower().Quantities] });
    }

    private static Dataset Data(int count, ulong seed)
    {
        var random = new Philox(seed);
        var (inputs, targets) = (new float[count * Network.InputSize], new float[count * Network.OutputSize]);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = (float)random.Uniform((ulong)i);
        for (int i = 0; i < count; i++)
            targets[i * Network.OutputSize + i % Network.OutputSize] = 1;
        return new(new Table(inputs, Network.InputSize), new Table(targets, Network.OutputSize));
    }
}
