using System.Numerics;
using System.Runtime.InteropServices;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Data;

namespace Hypergrad.Benchmarks;

/// <summary>The matrices of one shape in native memory, with the team and the workspace to multiply them.</summary>
internal sealed unsafe class ProductOperands<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ProductShape shape;
    private readonly Workers workers;
    private readonly ProductWorkspace<T> workspace;
    private readonly T* a, b, c;

    public ProductOperands(ProductShape shape, int threads)
    {
        this.shape = shape;
        workers = new Workers(threads);
        workspace = new ProductWorkspace<T>(threads);
        a = Allocate((nuint)shape.M * (nuint)shape.K, seed: 1);
        b = Allocate((nuint)shape.K * (nuint)shape.N, seed: 2);
        c = Allocate((nuint)shape.M * (nuint)shape.N, seed: 3);
    }

    public void Multiply() => MatrixProduct.Multiply(
        a, shape.TransposeA, b, shape.TransposeB, c, shape.M, shape.N, shape.K, accumulate: false, workspace, workers);

    public void Dispose()
    {
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        workspace.Dispose();
        workers.Dispose();
    }

    private static T* Allocate(nuint count, ulong seed)
    {
        var random = new Philox(seed);
        T* numbers = (T*)NativeMemory.AlignedAlloc(count * (nuint)sizeof(T), 64);
        for (nuint i = 0; i < count; i++) numbers[i] = T.CreateTruncating(random.Uniform(i & 0xFFFF) - 0.5);
        return numbers;
    }
}
