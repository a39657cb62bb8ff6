using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hypergrad.Benchmarks;

/// <summary>How a .NET program answers a case of bench/peers/case.py, as <c>answer</c> there does for one in Python.</summary>
internal static class PeerAnswer
{
    // Processor seconds: a first run that takes longer counts, since little of it is compilation.
    private const double LongSeconds = 3;

    // Seconds of the process after which no further round begins.
    private const double EnoughSeconds = 20;

    // The loops of a short run are compiled anew after some runs.
    private const int WarmUps = 3;

    /// <summary>Measures a computation, prints the line of JSON and writes the gradient.</summary>
    /// <param name="system">Who answers, with its version.</param>
    /// <param name="output">The file of the gradient: quantity after quantity, in float64.</param>
    /// <param name="rounds">Timed runs, of which the best counts.</param>
    /// <param name="compute">The validation loss and the gradient of each quantity, with the library's order of weights.</param>
    public static void Give(string system, string output, int rounds, Func<(double ValidationLoss, double[][] Gradient)> compute)
    {
        GC.Collect();
        double before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");
        (double ValidationLoss, double[][] Gradient) result = (0, []);
        long begin = Stopwatch.GetTimestamp();
        var best = Time(() => result = compute());
        double memory = Status("VmHWM") - before;
        int done = 1;
        if (best.ProcessorSeconds < LongSeconds)
        {
            for (int warmUp = 1; warmUp < WarmUps; warmUp++)
                _ = compute();
            (best, done) = ((double.PositiveInfinity, double.PositiveInfinity), 0);
        }
        for (; done < rounds && (done == 0 || Stopwatch.GetElapsedTime(begin).TotalSeconds < EnoughSeconds); done++)
        {
            var (seconds, processorSeconds) = Time(() => _ = compute());
            best = (Math.Min(best.Seconds, seconds), Math.Min(best.ProcessorSeconds, processorSeconds));
        }
        File.WriteAllBytes(output, MemoryMarshal.AsBytes<double>(result.Gradient.SelectMany(part => part).ToArray()).ToArray());
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["system"] = system,
            ["seconds"] = best.Seconds,
            ["processorSeconds"] = best.ProcessorSeconds,
            ["memory"] = memory,
            ["validationLoss"] = result.ValidationLoss,
        }));
    }

    private static (double Seconds, double ProcessorSeconds) Time(Action action)
    {
        var usedBefore = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - usedBefore).TotalSeconds);
    }

    private static double Status(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024.0 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
