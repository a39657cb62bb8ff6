using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Planning;
using Hypergrad.Runs;

namespace Hypergrad.Benchmarks;

/// <summary>
/// What a layer of each kind takes of a gradient, and of a Hessian-vector product beside it, against what bounds it: its multiplications at
/// the rate of the tile kernel, or its values at the rate of a copy of arrays of their size, whichever is longer. A layer's time is that
/// of six of them less that of two, over four, so that what comes before and after does not count.
/// </summary>
internal static class LayerRates
{
    private const int Few = 2, Many = 6, Steps = 4;

    // What comes after the first layer changes with weights, and has tangents.
    private static readonly (string Name, int Batch, NetworkInput Input, Layer First, Func<Layer[]> Layers)[] Kinds =
    [
        ("dense 512, tanh", 256, Numbers(512), new Dense(512), () => [new Dense(512, Activation.Tanh)]),
        Images("conv 64 3×3, relu", 64, () => [new Convolution(64, 3, 1, Activation.Relu)]),
        Images("conv 32 5×5, relu", 32, () => [new Convolution(32, 5, 2, Activation.Relu)]),
        Images("conv 20 3×3, relu", 20, () => [new Convolution(20, 3, 1, Activation.Relu)]),
        Images("group norm of 8 groups", 64, () => [new GroupNorm(8)]),
        Images("layer norm", 64, () => [new LayerNorm()]),
        Images("relu", 64, () => [new ActivationLayer(Activation.Relu)]),
        Images("gelu", 64, () => [new ActivationLayer(Activation.Gelu)]),
        Sequences("self-attention, 4 heads", () => [new SelfAttention(4)]),
        Sequences("transformer block", () =>
        [
            new Residual(new LayerNorm(), new SelfAttention(4)),
            new Residual(new LayerNorm(), new Dense(512, Activation.Gelu), new Dense(128)),
        ]),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="threads">Threads of the team.</param>
    /// <param name="rounds">Rounds after one to warm up, of which the shortest counts.</param>
    public static void Print(int threads, int rounds)
    {
        using var backend = new ManagedBackend(threads);
        double ceiling = ProductRates.Ceiling<float>() * threads;
        Console.WriteLine(FormattableString.Invariant($"# {backend.Description}; tile kernel {ceiling:F0} GFLOP/s; the best of {rounds} rounds"));
        Console.WriteLine("| layer | gradient ms | GFLOP/s | GB/s | of its bound | Hessian-vector product ms | GFLOP/s | GB/s | of its bound |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, batch, input, first, layers) in Kinds)
        {
            var few = Measure(backend, Of(Few), batch, rounds);
            var many = Measure(backend, Of(Many), batch, rounds);
            double copied = CopyRate(threads, batch * Of(Few).Program.Operations[0].OutputShape.Count);
            Console.WriteLine($"| {name} | {Cells(few.Gradient, many.Gradient)} | {Cells(few.Tangent, many.Tangent)} |");

            Network Of(int count) =>
                new(input, [first, .. Enumerable.Range(0, count).SelectMany(_ => layers()), new Flatten(), new Dense(10)], Loss.SoftmaxCrossEntropy);

            string Cells(Cost less, Cost more)
            {
                double seconds = (more.Seconds - less.Seconds) / (Many - Few);
                double flops = (more.Work.Flops - less.Work.Flops) / (Many - Few), bytes = (more.Work.Bytes - less.Work.Bytes) / (Many - Few);
                double bound = Math.Max(flops / (1e9 * ceiling), bytes / copied);
                return FormattableString.Invariant(
                    $"{1000 * seconds:G3} | {flops / seconds / 1e9:F0} | {bytes / seconds / 1e9:F0} | {bound / seconds:F2}");
            }
        }
    }

    private readonly record struct Cost(double Seconds, WorkCount Work);

    private static NetworkInput Numbers(params int[] sizes) => NetworkInput.Numbers(sizes);

    private static (string, int, NetworkInput, Layer, Func<Layer[]>) Images(string name, int channels, Func<Layer[]> layers) =>
        ($"{name}, 16×16×{channels}", 16, Numbers(16, 16, channels), new Convolution(channels, 1), layers);

    private static (string, int, NetworkInput, Layer, Func<Layer[]>) Sequences(string name, Func<Layer[]> layers) =>
        ($"{name}, 64×128", 16, NetworkInput.Tokens(100, 64), new Embedding(128), layers);

    private static (Cost Gradient, Cost Tangent) Measure(ManagedBackend backend, Network network, int batch, int rounds)
    {
        var random = new Random(1);
        var data = new Dataset(
            new Table([.. Enumerable.Range(0, batch * network.InputSize).Select(_ =>
                network.Input.IsTokens ? random.Next(100) : random.NextDouble() - 0.5)], network.InputSize),
            new Table([.. Enumerable.Range(0, 10 * batch).Select(i => i % 10 == i / 10 % 10 ? 1.0 : 0)], 10));
        var run = new TrainingRun(network, data, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(Steps, Sharing.All, 1e-3),
                Coefficient = Schedule.PerStep(Steps, Sharing.All, 0.5),
            },
        })
        { BatchSize = batch }.Lower();
        var work = new RunWork(run, [], Precision.Single);
        using var session = backend.Open(run, Precision.Single);
        session.Start();
        using IVector direction = session.NewVector(), product = session.NewVector();
        session.Copy(session.Weights, direction);
        double gradient = double.PositiveInfinity, both = double.PositiveInfinity;
        using var first = session.NewBody(session.EvaluateGradient);
        using var second = session.NewBody(step =>
        {
            session.EvaluateGradient(step);
            session.EvaluateTangent(step, direction, product, null);
        });
        for (int round = 0; round <= rounds; round++)
        {
            double a = Seconds(() => session.ForEachStep(StepRange.Forward(0, Steps), first));
            double b = Seconds(() => session.ForEachStep(StepRange.Forward(0, Steps), second));
            if (round > 0)
                (gradient, both) = (Math.Min(gradient, a), Math.Min(both, b));
        }
        return (new(gradient / Steps, work.Gradient), new((both - gradient) / Steps, work.Tangent));
    }

    // Bytes read and written in a second by a copy between arrays of so many numbers, in as many pieces as there are threads.
    private static double CopyRate(int threads, int count)
    {
        float[] source = new float[count], target = new float[count];
        double best = double.PositiveInfinity;
        for (int round = 0; round < 30; round++)
            best = Math.Min(best, Seconds(() => Parallel.For(0, threads, part =>
            {
                int first = (int)((long)part * count / threads), end = (int)((long)(part + 1) * count / threads);
                source.AsSpan(first, end - first).CopyTo(target.AsSpan(first));
            })));
        return 2.0 * sizeof(float) * count / best;
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
