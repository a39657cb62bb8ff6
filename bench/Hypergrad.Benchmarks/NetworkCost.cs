using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Benchmarks;

/// <summary>
/// What an exact hypergradient costs through the networks of today under AdamW: time against plain training, and memory against the length
/// of training. Learning rates, β₁, β₂ and weight decays per step and layer, and initial scales, in single precision.
/// </summary>
internal static class NetworkCost
{
    private const int Examples = 512, BatchSize = 16;

    /// <summary>Of a small VGG, a residual network with group normalisation and a transformer of two blocks.</summary>
    public static void Print(int threads, int steps)
    {
        using var backend = new ManagedBackend(threads);
        Console.WriteLine($"# {backend.Description}, batches of {BatchSize}, AdamW");
        foreach (var (name, network, data) in new[] { Vgg(), Residual(), Transformer() })
            foreach (int length in new[] { Math.Max(1, steps / 10), steps })
                Print(backend, name, network, data, length);
    }

    private static void Print(ManagedBackend backend, string name, Network network, DataSplit data, int steps)
    {
        var run = new TrainingRun(network, data.Train, new HyperparameterSet
        {
            Optimizer = new AdamW
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Layer, 1e-3),
                Beta1 = Schedule.PerStep(steps, Sharing.Layer, 0.9),
                Beta2 = Schedule.PerStep(steps, Sharing.Layer, 0.999),
                WeightDecay = Schedule.PerStep(steps, Sharing.Layer, 0.01),
            },
            InitialScale = Scale.PerFanIn(Sharing.Tensor, 1),
        })
        { BatchSize = BatchSize };
        long start = Stopwatch.GetTimestamp();
        Training.Run(run, [data.Validation], backend);
        double plain = Stopwatch.GetElapsedTime(start).TotalSeconds;
        NativeMemoryTally.ResetPeak();
        long before = NativeMemoryTally.Live;
        start = Stopwatch.GetTimestamp();
        var result = Hypergradient.Exact(run, data.Validation, new() { Backend = backend });
        double exact = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double peak = NativeMemoryTally.Peak - before;
        var reversal = result.Reversal!;
        double spilled = reversal.BitsPerWeightStep / 8 * network.ParameterCount * steps;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}, {network.ParameterCount} weights, {steps} steps: {exact:F1} s, {exact / plain:F2} times plain training"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  reversed to the bit: {reversal.Exact}; {peak / 1e6:F2} MB at most, of it {spilled / 1e6:F2} MB spilled bits ("
                + $"{reversal.BitsPerWeightStep:F4} a weight and step beside {reversal.ResidentBitsPerWeight:F0} resident, entropy "
                + $"{reversal.EntropyBitsPerWeightStep:F4}); the rest {(peak - spilled) / 1e6:F2} MB"));
    }

    private static (string, Network, DataSplit) Vgg() => ("VGG", new([32, 32, 3],
        new Convolution(32, 3, 1, Activation.Relu), new Convolution(32, 3, 1, Activation.Relu), new MaxPool(2),
        new Convolution(64, 3, 1, Activation.Relu), new Convolution(64, 3, 1, Activation.Relu), new MaxPool(2),
        new Flatten(), new Dense(128, Activation.Relu), new Dense(10)), Images(32, 3));

    private static (string, Network, DataSplit) Residual()
    {
        static Layer Block(int channels) => new Residual(
            new Convolution(channels, 3, 1), new GroupNorm(4), new ActivationLayer(Activation.Relu), new Convolution(channels, 3, 1),
            new GroupNorm(4));
        return ("residual network", new([16, 16, 3],
            new Convolution(16, 3, 1), new GroupNorm(4), new ActivationLayer(Activation.Relu), Block(16), new MaxPool(2), Block(16),
            new GlobalAveragePool(), new Dense(10)), Images(16, 3));
    }

    private static (string, Network, DataSplit) Transformer()
    {
        const int vocabulary = 32, length = 24, width = 32;
        static Layer[] Block() =>
        [
            new Residual(new LayerNorm(), new SelfAttention(Heads: 4, IsCausal: true)),
            new Residual(new LayerNorm(), new Dense(2 * width, Activation.Gelu), new Dense(width)),
        ];
        var network = Network.OfTokens(vocabulary, length,
            [new Embedding(width), new Positions(), .. Block(), .. Block(), new LayerNorm(), new Dense(vocabulary)]);
        // Each token the sum of the two before it: what a causal network can learn.
        var random = new Random(1);
        var (tokens, targets) = (new float[Examples * length], new float[Examples * length]);
        for (int i = 0; i < Examples; i++)
        {
            var sequence = new int[length + 1];
            for (int t = 0; t <= length; t++)
                sequence[t] = t < 2 ? random.Next(vocabulary) : (sequence[t - 1] + sequence[t - 2]) % vocabulary;
            for (int t = 0; t < length; t++)
                (tokens[i * length + t], targets[i * length + t]) = (sequence[t], sequence[t + 1]);
        }
        var all = new Dataset(new Table(tokens, length), new Table(targets, length)) { HasClassTargets = true };
        return ("transformer", network, all.Split(Examples / 2, Examples / 4, Examples / 4));
    }

    // Classes are where the brightest patch is.
    private static DataSplit Images(int size, int channels)
    {
        var random = new Random(1);
        const int classes = 10;
        int pixels = size * size * channels;
        var (inputs, targets) = (new float[Examples * pixels], new float[Examples * classes]);
        for (int i = 0; i < Examples; i++)
        {
            int label = random.Next(classes);
            for (int pixel = 0; pixel < pixels; pixel++)
                inputs[i * pixels + pixel] = random.NextSingle() - 0.5f + (pixel * classes / pixels == label ? 0.5f : 0);
            targets[i * classes + label] = 1;
        }
        var all = new Dataset(new Table(inputs, pixels), new Table(targets, classes)) { ImageWidth = size, ImageChannels = channels };
        return all.Split(Examples / 2, Examples / 4, Examples / 4);
    }
}
