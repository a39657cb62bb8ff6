using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Benchmarks;

/// <summary>Times and memory of the suite's hypergradients on the managed backend, as they are and with memory given for time.</summary>
internal static class Suite
{
    /// <summary>Prints a line a case.</summary>
    /// <param name="threads">Threads of the backend.</param>
    /// <param name="name">The case, or null for all.</param>
    /// <param name="rounds">How often each is run after one run to warm up; the best counts.</param>
    public static void Print(int threads, string? name, int rounds)
    {
        using var backend = new ManagedBackend(threads);
        Console.WriteLine($"# {backend.Description}");
        foreach (var one in SuiteCase.All.Where(one => name is null || one.Name == name))
        {
            one.Exact(backend);
            foreach (long? budget in new long?[] { null, 4L << 30 })
            {
                NativeMemoryTally.ResetPeak();
                long before = NativeMemoryTally.Live;
                double best = Enumerable.Range(0, rounds).Min(_ => Seconds(() => one.Exact(backend, budget)));
                double peak = (NativeMemoryTally.Peak - before) / 1e6;
                string label = budget is null ? one.Name : "  with memory";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-13} {1000 * best,9:F1} ms {peak,8:F1} MB"));
            }
        }
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
