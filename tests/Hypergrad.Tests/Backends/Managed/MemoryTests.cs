using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>What an exact hypergradient takes beyond the data: a few numbers per weight, the spilled bits, the activations of one
/// batch.</summary>
[TestFixture, NonParallelizable]
public sealed class MemoryTests
{
    private const int BatchSize = 200;
    private static readonly Mlp Model = new([784, 50, 50, 50, 10]);

    [Test]
    public void ExactHypergradient_TakesAtMost64BytesPerWeight_FlatInTheSteps()
    {
        long few = PeakWithoutPlanes(20), many = PeakWithoutPlanes(100);
        Assert.That(few, Is.LessThanOrEqualTo(64L * Model.ParameterCount), $"{few / (double)Model.ParameterCount:F1} bytes per weight");
        Assert.That(many, Is.EqualTo(few), "more steps take more planes and nothing else");
    }

    [TestCaseSource(nameof(Methods))]
    public void Dispose_GivesAllMemoryBack(HypergradientMethod method)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeMemoryTally.Live;
        NativeMemoryTally.ResetPeak();
        Compute(3, RawParts.All, method);
        Assert.That(NativeMemoryTally.Live, Is.EqualTo(before));
        Assert.That(NativeMemoryTally.Peak, Is.GreaterThan(before + 12L * Model.ParameterCount));
    }

    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new StoredMethod(), new CheckpointedMethod(), new DrMadMethod(), new DrMadMethod { ReverseSteps = 2 }];

    // The peak, less the planes, the batch itself and, per layer, z or a, e, δ and their three tangents.
    private static long PeakWithoutPlanes(int steps)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeMemoryTally.ResetPeak();
        long before = NativeMemoryTally.Live;
        var result = Compute(steps, RawParts.Schedules | RawParts.L2, new ReversibleMethod());
        long planes = (long)Math.Round(result.Reversal!.BitsPerWeightStep / 8 * Model.ParameterCount * steps);
        long units = Model.Layers.Skip(1).Sum(),
            activations = sizeof(float) * BatchSize * (6 * units + Model.InputSize + 3L * Model.OutputSize);
        return NativeMemoryTally.Peak - before - activations - (planes + 63) / 64 * 64;
    }

    private static Hypergradient Compute(int steps, RawParts parts, HypergradientMethod method)
    {
        using var backend = new ManagedBackend(1);
        var run = new TrainingRun(Model, Data(BatchSize, 1), new HyperparameterSet
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.3),
            Momentum = Schedule.PerStep(steps, Sharing.Tensor, 0.9),
            L2 = Penalty.Per(Sharing.Weight, 1e-6),
        })
        { BatchSize = BatchSize };
        return Hypergradient.Compute(run, Data(50, 2), method, new() { Backend = backend, Parts = parts });
    }

    private static Dataset Data(int count, ulong seed)
    {
        var random = new Philox(seed);
        var (inputs, targets) = (new float[count * Model.InputSize], new float[count * Model.OutputSize]);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = (float)random.Uniform((ulong)i);
        for (int i = 0; i < count; i++)
            targets[i * Model.OutputSize + i % Model.OutputSize] = 1;
        return new(new Table(inputs, Model.InputSize), new Table(targets, Model.OutputSize));
    }
}
