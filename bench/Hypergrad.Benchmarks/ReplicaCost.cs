using System.Diagnostics;
using System.Globalization;
using Hypergrad.Backends.Managed;
using Hypergrad.Hypergradients;

namespace Hypergrad.Benchmarks;

/// <summary>What replicas trained side by side cost on a team, against as many single runs on one thread, in turns.</summary>
internal static class ReplicaCost
{
    // The loops of a short run are compiled anew after some runs.
    private const int WarmUps = 3;

    /// <summary>Prints the medians and their ratio, which would be 1 / threads if nothing were lost.</summary>
    /// <param name="threads">Threads of the team.</param>
    /// <param name="replicas">Replicas.</param>
    /// <param name="rounds">Rounds after those to warm up.</param>
    public static void Print(int threads, int replicas, int rounds)
    {
        using var team = new ManagedBackend(threads);
        using var alone = new ManagedBackend(1);
        var one = SuiteCase.All[0];
        var (together, single, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (int round = -WarmUps; round < rounds; round++)
        {
            double all = Seconds(() => Hypergradient.Compute(
                one.Run with { Replicas = replicas }, one.Data.Validation, new ReversibleMethod(), new() { Backend = team }));
            double each = Seconds(() => one.Exact(alone));
            if (round < 0)
                continue;
            together.Add(all);
            single.Add(each);
            ratios.Add(all / (replicas * each));
        }
        Console.WriteLine($"# {team.Description}, {one.Name}, medians of {rounds} rounds in turns");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{replicas} replicas {1000 * Median(together):F1} ms; one on one thread {1000 * Median(single):F1} ms; "
            + $"of {replicas} times that {Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2})"));
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
