using BenchmarkDotNet.Attributes;

namespace Hypergrad.Benchmarks;

/// <summary>Every product shape, one thread. Flops limit all but the thinnest; <c>bench/products.sh</c> gives the ratios.</summary>
[InProcess]
public class MatrixProductBenchmarks
{
    private ProductOperands<float>? singles;
    private ProductOperands<double>? doubles;

    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = ProductShape.All[0];

    public static IEnumerable<ProductShape> Shapes => ProductShape.All;

    [GlobalSetup]
    public void Allocate() => (singles, doubles) = (new(Shape, threads: 1), new(Shape, threads: 1));

    [GlobalCleanup]
    public void Free()
    {
        singles?.Dispose();
        doubles?.Dispose();
    }

    [Benchmark]
    public void Single() => singles!.Multiply();

    [Benchmark]
    public void Double() => doubles!.Multiply();
}
