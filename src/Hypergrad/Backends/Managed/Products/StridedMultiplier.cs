using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>Products by the tile kernel without packing, by the thread that asks. One implementation per register width.</summary>
internal abstract unsafe class StridedMultiplier<T> where T : unmanaged
{
    /// <summary>That of the widest registers of this machine.</summary>
    public static StridedMultiplier<T> Widest { get; } =
        Vector512.IsHardwareAccelerated ? new StridedMultiplier<Lanes512<T>, Vector512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new StridedMultiplier<Lanes256<T>, Vector256<T>, T>()
        : new StridedMultiplier<Lanes128<T>, Vector128<T>, T>();

    /// <summary>Numbers in a vector, of which columns are multiples.</summary>
    public abstract int Lanes { get; }

    /// <summary>The columns of a strip of a matrix, of those that are left.</summary>
    public int StripOf(int columns) => columns <= 3 * Lanes ? columns : 2 * Lanes;

    /// <summary>Computes a product; every number of C is one chain of additions in the order of the depth.</summary>
    public abstract void Multiply(in StridedProduct<T> product);
}

/// <inheritdoc/>
internal sealed unsafe class StridedMultiplier<TLanes, TVector, T> : StridedMultiplier<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    public override int Lanes => TLanes.Count;

    public override void Multiply(in StridedProduct<T> product)
    {
        int vectors = product.Columns / TLanes.Count, most = Blocking.TileRowsOf(vectors, TLanes.HasManyRegisters);
        int size = Blocking.DivideUp(product.Rows, Blocking.DivideUp(product.Rows, most));
        nint before = (vectors - 1) * TLanes.Count;
        var runs = new DepthRuns(
            product.Runs, product.RunStrideA - product.Depth * product.DepthStride, product.RunStrideB - product.Depth * product.StrideB);
        T* a = product.A, c = product.C;
        for (int left = product.Rows; left > 0; left -= size, a += size * product.RowStride, c += size * product.StrideC)
            TileShapes<TLanes, TVector, T>.Kernel(Math.Min(size, left), vectors)(
                a, product.RowStride, product.DepthStride, product.B, product.StrideB, product.Depth, runs,
                c, product.StrideC, c + before, product.StrideC, product.Accumulate);
    }
}
