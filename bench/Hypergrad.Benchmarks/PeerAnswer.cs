using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hypergrad.Benchmarks;

/// <summary>How a .NET program answers a case of bench/peers/case.py, as <c>answer</c> there does for one in Python.</summary>
internal static class PeerAnswer
{
    // The loops of a short run are compiled anew after some runs.
    private const int WarmUps = 3;

    /// <summary>Measures a computation, prints the line of JSON and writes the gradient.</summary>
    /// <param name="system">Who answers.</param>
    /// <param name="output">The file of the learning rates' gradient, [steps × tensors] in float64.</param>
    /// <param name="rounds">Timed runs, of which the best counts.</param>
    /// <param name="compute">The validation loss and the gradient.</param>
    public static void Give(string system, string output, int rounds, Func<(double ValidationLoss, double[] Gradient)> compute)
    {
        GC.Collect();
        double before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");
        var result = compute();
        double memory = Status("VmHWM") - before, seconds = double.PositiveInfinity, processorSeconds = double.PositiveInfinity;
        for (int warmUp = 1; warmUp < WarmUps; warmUp++)
            _ = compute();
        for (int round = 0; round < rounds; round++)
        {
            var usedBefore = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            _ = compute();
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
            processorSeconds = Math.Min(processorSeconds, (Environment.CpuUsage.TotalTime - usedBefore).TotalSeconds);
        }
        File.WriteAllBytes(output, MemoryMarshal.AsBytes(result.Gradient.AsSpan()).ToArray());
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["system"] = system,
            ["seconds"] = seconds,
            ["processorSeconds"] = processorSeconds,
            ["memory"] = memory,
            ["validationLoss"] = result.ValidationLoss,
        }));
    }

    private static double Status(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return 1024.0 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
