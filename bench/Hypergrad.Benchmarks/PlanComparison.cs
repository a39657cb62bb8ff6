using System.Globalization;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Hypergradients;
using Hypergrad.Planning;

namespace Hypergrad.Benchmarks;

/// <summary>
/// What a plan predicts of the suite's hypergradients beside what they take, in one run: every method, seconds and memory. Each case is
/// planned, run and planned again; the two plans differ as far as the machine's speed does. Another two have memory for values alone.
/// </summary>
internal static class PlanComparison
{
    private const double Tolerance = 0.25;

    private static Func<double> clock = new PlanOptions().Clock;

    /// <summary>Prints a line a method and case, and at last how many were predicted within a quarter.</summary>
    /// <param name="threads">Threads of the backend.</param>
    /// <param name="name">The case, or null for all.</param>
    /// <param name="rounds">How often each is run after one run to warm up; the best counts.</param>
    /// <param name="ofProcessor">Whether seconds are of the processor: on a busy machine, for one thread.</param>
    public static void Print(int threads, string? name, int rounds, bool ofProcessor)
    {
        using var backend = new ManagedBackend(threads);
        if (ofProcessor)
            clock = () => Environment.CpuUsage.TotalTime.TotalSeconds;
        Console.WriteLine($"# {backend.Description}{(ofProcessor ? ", processor time" : "")}; predicted before, predicted after, measured; the ratio is of their mean to it");
        var (ratios, memoryRatios) = (new List<double>(), new List<double>());
        foreach (var one in SuiteCase.All.Where(one => name is null || one.Name == name))
        {
            Compare(one, null);
            Compare(one, SuiteCase.WithValues(one.Run, backend));
        }
        Console.WriteLine(Summary("times", ratios));
        Console.WriteLine(Summary("memory", memoryRatios));

        void Compare(SuiteCase one, ReversibleMethod? own)
        {
            var before = Plan(one, own, backend);
            bool Shown(MethodPlan plan) => own is null || plan.Method == own;
            double[] measured = [.. before.Methods.Select(plan => plan.IsPossible && Shown(plan) ? Best(one, plan, backend, rounds) : double.NaN)];
            double[] peaks = [.. before.Methods.Select(plan => plan.IsPossible && Shown(plan) ? Peak(one, plan, backend) : double.NaN)];
            var after = Plan(one, own, backend);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{one.Name}: calibrated in {before.CalibrationTime.TotalSeconds:F1} s over {before.CalibrationSteps} steps; choice: "
                + $"{before.Choice?.Description}"));
            foreach (var (i, plan) in before.Methods.Index().Where(entry => Shown(entry.Item)))
                if (plan.IsPossible)
                {
                    double again = after.Methods[i].Seconds, ratio = (plan.Seconds + again) / 2 / measured[i];
                    double memoryRatio = plan.Memory / peaks[i];
                    ratios.Add(ratio);
                    memoryRatios.Add(memoryRatio);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  {plan.Description,-38} {1000 * plan.Seconds,8:F1} {1000 * again,8:F1} {1000 * measured[i],8:F1} ms {ratio,6:F2}   "
                        + $"{plan.Memory / 1e6,8:F1} of {peaks[i] / 1e6,8:F1} MB {memoryRatio,6:F2}"));
                }
                else
                    Console.WriteLine($"  {plan.Description,-38} {plan.WhyNot}");
        }
    }

    private static RunPlan Plan(SuiteCase one, ReversibleMethod? own, ManagedBackend backend) =>
        RunPlan.Make(one.Run, one.Data.Validation, new() { Backend = backend, Clock = clock, Method = own });

    private static double Best(SuiteCase one, MethodPlan plan, ManagedBackend backend, int rounds)
    {
        double best = double.PositiveInfinity;
        for (int round = 0; round <= rounds; round++)
        {
            double start = clock();
            Compute(one, plan, backend);
            if (round > 0)
                best = Math.Min(best, clock() - start);
        }
        return best;
    }

    // The most that was set aside of native memory, and what the result holds of the managed one.
    private static double Peak(SuiteCase one, MethodPlan plan, ManagedBackend backend)
    {
        long managedBefore = GC.GetTotalMemory(forceFullCollection: true), before = NativeMemoryTally.Live;
        NativeMemoryTally.ResetPeak();
        var result = Compute(one, plan, backend);
        double peak = NativeMemoryTally.Peak - before + GC.GetTotalMemory(forceFullCollection: true) - managedBefore;
        GC.KeepAlive(result);
        return peak;
    }

    private static Hypergradient Compute(SuiteCase one, MethodPlan plan, ManagedBackend backend) =>
        Hypergradient.Compute(one.Run, one.Data.Validation, plan.Method, new() { Backend = backend });

    private static string Summary(string what, List<double> ratios) => string.Create(CultureInfo.InvariantCulture,
        $"{what}: {ratios.Count(ratio => Math.Abs(ratio - 1) <= Tolerance)} of {ratios.Count} within {Tolerance:P0}, "
        + $"from {ratios.Min():F2} to {ratios.Max():F2}");
}
