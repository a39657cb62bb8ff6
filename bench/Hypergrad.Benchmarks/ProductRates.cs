using System.Diagnostics;
using System.Numerics;

namespace Hypergrad.Benchmarks;

/// <summary>
/// The rate of every product shape, as a median of many short runs, beside the ceiling: the rate of the tile kernel alone, with both
/// operands in the first-level cache, measured in the same process. One line per shape, in columns for <c>bench/products.sh</c>.
/// </summary>
internal static unsafe class ProductRates
{
    private const double RunSeconds = 0.001;
    private const int Runs = 101;

    public static void Print(int threads)
    {
        Console.WriteLine($"# type kind m k n GFLOP/s ceiling ({threads} thread(s), vectors of {Kernels<float>.Bits} bits)");
        Print<float>("float", threads);
        Print<double>("double", threads);
    }

    private static void Print<T>(string type, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var shape in ProductShape.All)
        {
            using var operands = new ProductOperands<T>(shape, threads);
            double ceiling = Ceiling<T>() * threads, rate = shape.Operations / MedianSeconds(operands.Multiply) / 1e9;
            Console.WriteLine(FormattableString.Invariant(
                $"{type} {shape.Kind} {shape.M} {shape.K} {shape.N} {rate:F1} {ceiling:F1}"));
        }
    }

    public static double Ceiling<T>()
        where T : unmanaged
    {
        using var kernel = new Kernels<T>();
        return kernel.Operations / MedianSeconds(kernel.Multiply) / 1e9;
    }

    private static double MedianSeconds(Action action)
    {
        // The first calls compile and fill the caches.
        for (int i = 0; i < 3; i++) action();
        long start = Stopwatch.GetTimestamp();
        action();
        int repeats = (int)Math.Clamp(RunSeconds / Stopwatch.GetElapsedTime(start).TotalSeconds, 1, 100_000);
        var seconds = new double[repeats == 1 ? Runs / 8 : Runs];
        for (int run = 0; run < seconds.Length; run++)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++) action();
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
        }
        Array.Sort(seconds);
        return seconds[seconds.Length / 2];
    }
}
