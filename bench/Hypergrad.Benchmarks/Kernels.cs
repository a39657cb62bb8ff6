using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;

namespace Hypergrad.Benchmarks;

/// <summary>The widest tile kernel of this machine on operands that stay in the first-level cache: the ceiling of every product.</summary>
internal sealed unsafe class Kernels<T> : IDisposable
    where T : unmanaged
{
    private const int Depth = 128, MostNumbers = 64 * Depth;
    private readonly GrowingBuffer<T> a = new(), b = new(), c = new();
    private readonly int rows, columns;

    public Kernels()
    {
        new Span<T>(a.Reserve(MostNumbers), MostNumbers).Clear();
        new Span<T>(b.Reserve(MostNumbers), MostNumbers).Clear();
        new Span<T>(c.Reserve(MostNumbers), MostNumbers).Clear();
        bool many = Vector512.IsHardwareAccelerated || !Vector256.IsHardwareAccelerated && Lanes128<T>.HasManyRegisters;
        rows = many ? 12 : 6;
        columns = 2 * Bits / 8 / sizeof(T);
    }

    public static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public double Operations => 2.0 * rows * columns * Depth;

    public void Multiply()
    {
        if (Vector512.IsHardwareAccelerated) Multiply<Lanes512<T>, Vector512<T>>();
        else if (Vector256.IsHardwareAccelerated) Multiply<Lanes256<T>, Vector256<T>>();
        else Multiply<Lanes128<T>, Vector128<T>>();
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        c.Dispose();
    }

    private void Multiply<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector, T>
        where TVector : unmanaged
    {
        T* target = c.Reserve(MostNumbers), last = target + TLanes.Count;
        TileShapes<TLanes, TVector, T>.Kernel(rows, 2)(
            a.Reserve(MostNumbers), 1, rows, b.Reserve(MostNumbers), columns, Depth, DepthRuns.One, target, columns, last, columns, true);
    }
}
