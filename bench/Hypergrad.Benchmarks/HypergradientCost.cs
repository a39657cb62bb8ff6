using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Benchmarks;

/// <summary>Prints what a hypergradient costs, in seconds: time against plain training in turns, memory against the length of training, and what the
/// exact step moves against a plain copy.</summary>
internal static class HypergradientCost
{
    private const int Rounds = 15;

    public static void Print(int threads)
    {
        Write($"# {ManagedBackend.InstructionSet}, {threads} threads, medians of {Rounds} rounds in turns");
        PrintTime(threads);
        PrintMemory(threads);
        PrintBandwidth(threads);
    }

    private static void PrintTime(int threads)
    {
        using var costs = new CostCase(threads, steps: 100);
        for (int warm = 0; warm < 3; warm++)
        {
            costs.Train();
            costs.Exact();
        }
        var (plain, exact, ratio) = (new List<double>(), new List<double>(), new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            plain.Add(Seconds(costs.Train));
            exact.Add(Seconds(() => costs.Exact()));
            ratio.Add(exact[^1] / plain[^1]);
        }
        Write($"plain training        {1000 * Median(plain):F1} ms");
        Write($"exact hypergradient   {1000 * Median(exact):F1} ms");
        Write($"ratio                 {Median(ratio):F2} (from {ratio.Min():F2} to {ratio.Max():F2})");
    }

    private static void PrintMemory(int threads)
    {
        foreach (int steps in new[] { 10, 100, 1000 })
        {
            using var costs = new CostCase(threads, steps);
            int weights = costs.Run.Model.ParameterCount;
            NativeMemoryTally.ResetPeak();
            long before = NativeMemoryTally.Live;
            var result = costs.Exact();
            double planes = result.Reversal!.BitsPerWeightStep / 8 * weights * steps;
            double peak = NativeMemoryTally.Peak - before;
            Write($"{steps,5} steps: {peak / 1e6:F2} MB at most, of it {planes / 1e6:F2} MB spilled bits; the rest is {(peak - planes) / weights:F1} bytes per weight, activations of a batch included");
        }
    }

    private static void PrintBandwidth(int threads)
    {
        using var costs = new CostCase(threads, steps: 20);
        using var session = costs.Backend.Open(costs.Run, Precision.Single);
        using var state = session.NewReversibleState();
        int weights = costs.Run.Model.ParameterCount;
        var (advance, retreat) = (new List<double>(), new List<double>());
        for (int round = 0; round < 200; round++)
        {
            state.Start();
            advance.Add(Seconds(() => session.ForEachStep(StepRange.Forward(0, 20), state.Advance)) / 20);
            state.BeginRetreat();
            retreat.Add(Seconds(() => session.ForEachStep(StepRange.Backward(0, 20), state.Retreat)) / 20);
        }
        // X, V and s in and out, the gradient in, the weight out; on the way back the velocity out too.
        Write($"advance               {1e6 * Median(advance):F1} µs, {44 * weights / Median(advance) / 1e9:F1} GB/s");
        Write($"retreat               {1e6 * Median(retreat):F1} µs, {48 * weights / Median(retreat) / 1e9:F1} GB/s");
        var (source, target) = (new byte[22 * weights], new byte[22 * weights]);
        var copies = Enumerable.Range(0, 200).Select(_ => Seconds(() => Buffer.BlockCopy(source, 0, target, 0, source.Length))).ToList();
        Write($"copy of as many bytes {1e6 * Median(copies):F1} µs, {44 * weights / Median(copies) / 1e9:F1} GB/s");
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
