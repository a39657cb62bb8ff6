using BenchmarkDotNet.Attributes;
using Hypergrad.Backends.Managed;

namespace Hypergrad.Benchmarks;

/// <summary>The cost of one exact hypergradient beside the plain training of the same run.</summary>
[MemoryDiagnoser]
public class HypergradientBenchmarks : IDisposable
{
    private ManagedBackend? backend;
    private CostCase? costs;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void SetUp() => costs = CostCase.Paper(backend = new(Threads), steps: 100);

    [GlobalCleanup]
    public void Dispose()
    {
        backend?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void PlainTraining() => costs!.Train();

    [Benchmark]
    public double ExactHypergradient() => costs!.Exact().ValidationLoss;
}
