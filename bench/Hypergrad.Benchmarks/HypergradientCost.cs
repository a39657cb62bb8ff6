using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Native;

namespace Hypergrad.Benchmarks;

/// <summary>Prints what a hypergradient costs on a backend: time against plain training in turns, memory against the length of training,
/// and what the exact step moves against a plain copy.</summary>
internal static class HypergradientCost
{
    /// <summary>Of the paper's network.</summary>
    public static void Print(int threads, string backendName)
    {
        const int rounds = 15;
        using var managed = backendName == "managed" ? new ManagedBackend(threads) : null;
        var backend = managed ?? Backend.Find(backendName);
        Write($"# {backend.Description}, medians of {rounds} rounds in turns");
        PrintTime(CostCase.Paper(backend, steps: 100), rounds);
        if (managed is not null)
        {
            PrintMemory(managed, [10, 100, 1000]);
            PrintBandwidthInCache(managed);
        }
    }

    /// <summary>The memory of the paper's network over lengths of training up to a hundred thousand steps.</summary>
    public static void PrintMemory(int threads)
    {
        using var managed = new ManagedBackend(threads);
        Write($"# {managed.Description}, 784-50-50-50-10, batch 200");
        PrintMemory(managed, [100, 1000, 10_000, 100_000]);
    }

    /// <summary>The exact step against copies: of a network that fits the caches, and of one that fills memory.</summary>
    public static void PrintBandwidth(int threads)
    {
        using var managed = new ManagedBackend(threads);
        Write($"# {managed.Description}, 784-50-50-50-10, medians of 200 rounds");
        PrintBandwidthInCache(managed);
        Write($"# 3072-4096-4096-4096-10, medians of 5 rounds of 10 steps");
        PrintBandwidth(CostCase.Large(managed, steps: 10));
    }

    /// <summary>Of a network that fills a GPU.</summary>
    public static void PrintLarge(string backendName, int steps)
    {
        const int rounds = 3;
        var backend = Backend.Find(backendName);
        var costs = CostCase.Large(backend, steps);
        Write($"# {backend.Description}, 3072-4096-4096-4096-10, batch 4096, {steps} steps, medians of {rounds} rounds in turns");
        PrintBandwidth(costs);
        PrintTime(costs, rounds);
        if (backendName != "cuda")
            return;
        Write($"# the same with TF32 products");
        using var rounded = NativeBackend.OnDevice(allowTf32: true);
        PrintTime(CostCase.Large(rounded, steps), rounds);
    }

    private static void PrintTime(CostCase costs, int rounds)
    {
        for (int warm = 0; warm < Math.Min(3, rounds - 1); warm++)
        {
            costs.Train();
            costs.Exact();
        }
        var (plain, exact, ratio) = (new List<double>(), new List<double>(), new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            plain.Add(Seconds(costs.Train));
            exact.Add(Seconds(() => costs.Exact()));
            ratio.Add(exact[^1] / plain[^1]);
        }
        Write($"plain training        {1000 * Median(plain):F1} ms, at best {1000 * plain.Min():F1}");
        Write($"exact hypergradient   {1000 * Median(exact):F1} ms, at best {1000 * exact.Min():F1}");
        Write($"ratio                 {Median(ratio):F2} (from {ratio.Min():F2} to {ratio.Max():F2})");
    }

    private static void PrintMemory(ManagedBackend backend, int[] lengths)
    {
        foreach (int steps in lengths)
        {
            var costs = CostCase.Paper(backend, steps);
            int weights = costs.Run.Network.ParameterCount;
            NativeMemoryTally.ResetPeak();
            long before = NativeMemoryTally.Live;
            var result = costs.Exact();
            double planes = result.Reversal!.BitsPerWeightStep / 8 * weights * steps;
            double peak = NativeMemoryTally.Peak - before;
            Write($"{steps,6} steps: {peak / 1e6:F2} MB at most, of it {planes / 1e6:F2} MB spilled bits");
            Write($"              the rest is {(peak - planes) / weights:F1} bytes per weight, activations of a batch included");
        }
    }

    // A small network's state stays in the processor's caches.
    private static void PrintBandwidthInCache(ManagedBackend backend)
    {
        var costs = CostCase.Paper(backend, steps: 20);
        using var session = costs.Backend.Open(costs.Run.Lower(), Precision.Single);
        using var state = session.NewReversibleState();
        int weights = costs.Run.Network.ParameterCount;
        var (advance, retreat) = (new List<double>(), new List<double>());
        for (int round = 0; round < 200; round++)
        {
            state.Start();
            advance.Add(Seconds(() => session.ForEachStep(StepRange.Forward(0, 20), state.Advance)) / 20);
            state.BeginRetreat();
            retreat.Add(Seconds(() => session.ForEachStep(StepRange.Backward(0, 20), step => Retreat(state, step))) / 20);
        }
        // X, V and s in and out, the gradient in, the weight out; on the way back the velocity out too.
        Write($"advance               {1e6 * Median(advance):F1} µs, {44 * weights / Median(advance) / 1e9:F1} GB/s");
        Write($"retreat               {1e6 * Median(retreat):F1} µs, {48 * weights / Median(retreat) / 1e9:F1} GB/s");
        var (source, target) = (new byte[22 * weights], new byte[22 * weights]);
        var copies = Enumerable.Range(0, 200).Select(_ => Seconds(() => Buffer.BlockCopy(source, 0, target, 0, source.Length))).ToList();
        Write($"copy of as many bytes {1e6 * Median(copies):F1} µs, {44 * weights / Median(copies) / 1e9:F1} GB/s");
    }

    // A large network's does not; the measured copy is the backend's own, of 4 bytes a weight each way.
    private static void PrintBandwidth(CostCase costs)
    {
        const int rounds = 5;
        int steps = costs.Run.Steps;
        double weights = costs.Run.Network.ParameterCount;
        using var session = costs.Backend.Open(costs.Run.Lower(), Precision.Single);
        using var state = session.NewReversibleState();
        using var target = session.NewVector();
        var (advance, retreat, copy) = (new List<double>(), new List<double>(), new List<double>());
        double OfAStep(StepRange range, Action<Step> body) => Seconds(() =>
        {
            session.ForEachStep(range, body);
            session.TrainingLosses(0); // waits for what was queued
        }) / steps;
        void Copy(Step step)
        {
            session.Copy(session.Gradient, target);
            // Else the processor does the copies of all steps to one tile after the other, in its caches.
            if (costs.Backend is ManagedBackend)
                session.TrainingLosses(0);
        }
        for (int round = 0; round < rounds; round++)
        {
            state.Start();
            session.Clear(session.Gradient);
            copy.Add(OfAStep(StepRange.Forward(0, steps), Copy));
            advance.Add(OfAStep(StepRange.Forward(0, steps), state.Advance));
            state.BeginRetreat();
            retreat.Add(OfAStep(StepRange.Backward(0, steps), step => Retreat(state, step)));
        }
        Write($"copy                  {1e6 * Median(copy):F1} µs, {8 * weights / Median(copy) / 1e9:F1} GB/s");
        Write($"advance               {1e6 * Median(advance):F1} µs, {44 * weights / Median(advance) / 1e9:F1} GB/s");
        Write($"retreat               {1e6 * Median(retreat):F1} µs, {48 * weights / Median(retreat) / 1e9:F1} GB/s");
    }

    private static void Retreat(IReversibleState state, Step step)
    {
        state.RetreatWeights(step);
        state.RetreatSlots(step);
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
