using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>
/// A runtime with tiered compilation compiles a method quickly when it is first called, and well once it was called often: between a step
/// and its undoing, as it happens. The bits must not change with it.
/// </summary>
[TestFixture]
public sealed class RecompilationTests
{
    private const string Child = "HYPERGRAD_TESTS_RECOMPILING";

    /// <summary>Processes of their own, in which that happens, and soon, whatever the settings that this one was started with.</summary>
    [TestCase("DOTNET_EnableAVX512", "1", "1")]
    [TestCase("DOTNET_EnableAVX512", "0", "0")]
    [TestCase("DOTNET_EnableAVX2", "0", "0")]
    public void Bits_DoNotChangeWhereMethodsAreCompiledAnew(string instructions, string value, string profiled)
    {
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Assert.Ignore("This is the child process, which has no children.");
        if (value == "0" && RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Ignore($"{instructions} is a switch of x64 processors; this one is {RuntimeInformation.ProcessArchitecture}.");
        ChildProcess.Run([nameof(RecompilationTests)], new()
        {
            [Child] = "1",
            [instructions] = value,
            ["DOTNET_TieredCompilation"] = "1",
            ["DOTNET_TC_QuickJitForLoops"] = "1",
            ["DOTNET_TC_CallCountingDelayMs"] = "0",
            ["DOTNET_TieredPGO"] = profiled,
        });
    }

    [Test]
    public void Hypergradients_ComputedAgain_HaveTheSameBits()
    {
        // What calls the kernels is not among what is compiled well at once.
        using var compilations = new Compilations("NetworkPasses`1", "EvaluateLoss");
        using ManagedBackend alone = new(1), team = new(2);
        var runs = AllRuns().ToArray();
        var first = runs.Select(run => run.Numbers(alone)).ToArray();
        bool recompiles = Environment.GetEnvironmentVariable(Child) is not null;
        var watch = Stopwatch.StartNew();
        bool last;
        do
        {
            last = !recompiles || compilations.AllAreAnew;
            for (int i = 0; i < runs.Length; i++)
            {
                Assert.That(runs[i].Numbers(team), Is.EqualTo(first[i]), runs[i].Name);
                Assert.That(runs[i].Numbers(alone), Is.EqualTo(first[i]), runs[i].Name);
            }
        }
        while (!last && watch.Elapsed < TimeSpan.FromMinutes(1));
        Assert.That(last, Is.True, "nothing was compiled anew, so that nothing is proved");
    }

    private static IEnumerable<Repeated> AllRuns() =>
        from activation in Enum.GetValues<Activation>()
        from loss in Enum.GetValues<Loss>()
        from precision in Enum.GetValues<Precision>()
        select new Repeated(activation, loss, precision);

    /// <summary>A run whose hypergradient is computed again and again.</summary>
    private sealed class Repeated
    {
        private readonly TrainingRun run;
        private readonly Dataset validation;
        private readonly Precision precision;

        public Repeated(Activation activation, Loss loss, Precision precision)
        {
            Name = $"{activation}, {loss}, {precision}";
            this.precision = precision;
            // Sizes that leave ends of vectors; numbers at which no training diverges.
            var small = new SmallRun(seed: 8, [11, 37, 9, 5], activation, loss, steps: 8, examples: 23, largestBatch: 17);
            small.LearningRate = [.. small.LearningRate.Select(rate => rate / 30)];
            small.InitialWeights = [.. small.InitialWeights.Select(weight => weight / 3)];
            (run, validation) = (small.ToRun(), small.Validation);
        }

        public string Name { get; }

        /// <summary>All that comes of it.</summary>
        public double[][] Numbers(ManagedBackend backend)
        {
            var gradient = Hypergradient.Compute(run, validation, new ReversibleMethod { VerifyEvery = 1 },
                new() { Backend = backend, Precision = precision, KeepFinalWeights = true });
            Assert.That(gradient.Reversal, Has.Property("Exact").True, Name);
            var parts = gradient.Raw.Quantities.Select(quantity => gradient.Raw[quantity]!);
            return [gradient.FinalWeights![0], gradient.TrainingLosses, [gradient.ValidationLoss], .. parts];
        }
    }

    /// <summary>Hears from the runtime when it compiles a method of a generic type.</summary>
    private sealed class Compilations(string type, string method) : EventListener
    {
        // The runtime's events of compilations, and the tier in their flags: well because called often.
        private const EventKeywords Jit = (EventKeywords)0x10;
        private const uint TierShift = 7, TierMask = 7, Tier1 = 4;

        private readonly ConcurrentDictionary<string, bool> anew = [];

        /// <summary>Whether the method was compiled well after it had been compiled quickly, in single and in double precision.</summary>
        public bool AllAreAnew => anew.Count(one => one.Value) == 2;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true)
                return;
            string of = (string)Field("MethodNamespace")!;
            if (of.Contains(type, StringComparison.Ordinal) && (string)Field("MethodName")! == method)
            {
                bool well = ((uint)Field("MethodFlags")! >> (int)TierShift & TierMask) == Tier1;
                anew.AddOrUpdate(of, _ => false, (_, before) => before || well);
            }

            object? Field(string name) => eventData.Payload![eventData.PayloadNames!.IndexOf(name)];
        }
    }
}
