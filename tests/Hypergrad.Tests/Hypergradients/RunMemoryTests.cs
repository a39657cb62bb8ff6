using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Hypergradients;

[TestFixture]
[NonParallelizable]
public sealed class RunMemoryTests
{
    private static readonly DataSplit Data = Digits.Generate(120).Split(60, 30, 30);

    private static readonly HypergradientMethod[] Methods = [new ReversibleMethod(), new CheckpointedMethod(), new StoredMethod(),
        new DrMadMethod()];

    [TestCaseSource(nameof(Methods))]
    public void RunThatDoesNotFit_IsRefusedUnopened_WithTheEstimate(HypergradientMethod method)
    {
        var run = Run(1_000_000);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var refused = Assert.Throws<MemoryException>(() =>
            Hypergradient.Compute(run, Data.Validation, method, new() { Backend = Backend.Managed }));
        Assert.That(refused!.Message, Does.Match("^This run \\(39760 weights, 1000000 replicas, 20 steps, [a-z]+ method\\) takes about "
            + "[0-9.E+]+ [TP]B of memory, "
            + "and [0-9.]+ [GM]B are left\\. Use fewer replicas, smaller minibatches, a smaller network or fewer steps\\.$"));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(10 << 20));
    }

    // The estimate refuses: half or twice of what is taken would refuse what fits, or let pass what does not.
    [TestCaseSource(nameof(Methods))]
    public void Estimate_IsAboutWhatIsTaken(HypergradientMethod method)
    {
        var run = Run(400);
        using var backend = new ManagedBackend(2);
        double estimate = new RunMemory(run.Lower(), run.Hyperparameters!.TunedQuantities, Precision.Single, backend).Estimate(method);
        GC.Collect();
        HugePages.Freed.ReleaseAll();
        long before = WorkingSet(), most = 0;
        using var done = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, WorkingSet() - before);
                await Task.Delay(2);
            }
        });
        _ = Hypergradient.Compute(run, Data.Validation, method, new() { Backend = backend });
        done.Cancel();
        watch.Wait();
        Assert.That(most, Is.InRange(0.5 * estimate, 1.5 * estimate), MemoryLimit.Text(estimate));
    }

    [TestCase(0, "0 bytes")]
    [TestCase(999, "999 bytes")]
    [TestCase(25.3e9, "25.3 GB")]
    [TestCase(1e18, "1E+03 PB")]
    public void Sizes_AreForPeople(double bytes, string text) => Assert.That(MemoryLimit.Text(bytes), Is.EqualTo(text));

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static TrainingRun Run(int replicas) => new(Network.Mlp([784, 50, 10]), Data.Train, new HyperparameterSet
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(20, Sharing.Tensor, 0.1),
            Coefficient = Schedule.PerStep(20, Sharing.Tensor, 0.5),
        },
    })
    { BatchSize = 20, Replicas = replicas };
}
