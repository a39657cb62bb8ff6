using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The kernel of narrow products: a tile of at most 4 × 4 dot products of rows that run along the depth, vectors along the depth too.
/// Where C has only a few columns, <see cref="Tile{TLanes, TVector, T}"/> would leave most of each vector idle.
/// </summary>
internal static unsafe class DotTile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>tile of C (+)= A · Bᵀ.</summary>
    /// <typeparam name="TRows">Rows of A.</typeparam>
    /// <typeparam name="TColumns">Rows of B, columns of the tile.</typeparam>
    /// <param name="a">A's first row.</param>
    /// <param name="strideA">Numbers from one row of A to the next.</param>
    /// <param name="b">B's first row, in whole vectors; see <see cref="NarrowColumns{TLanes, TVector, T}.Pack"/>.</param>
    /// <param name="vectors">Whole vectors in a row of B.</param>
    /// <param name="lastStep">Numbers of A from the last vector but one to the last: less than a vector if the depth has a rest.</param>
    /// <param name="c">The tile.</param>
    /// <param name="rowStride">Numbers from one row of C to the next.</param>
    /// <param name="columnStride">Numbers from one column of C to the next.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TRows, TColumns>(
        T* a, nint strideA, T* b, nint vectors, nint lastStep, T* c, nint rowStride, nint columnStride, bool accumulate)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default;
        T* a0 = a, a1 = a + strideA, a2 = a + 2 * strideA, a3 = a + 3 * strideA;
        nint strideB = vectors * TLanes.Count;
        while (true)
        {
            TVector b0 = TLanes.Load(b), b1 = default, b2 = default, b3 = default;
            if (sizeof(TColumns) > 1) b1 = TLanes.Load(b + strideB);
            if (sizeof(TColumns) > 2) b2 = TLanes.Load(b + 2 * strideB);
            if (sizeof(TColumns) > 3) b3 = TLanes.Load(b + 3 * strideB);
            {
                TVector x = TLanes.Load(a0);
                s00 = TLanes.MultiplyAdd(x, b0, s00);
                if (sizeof(TColumns) > 1) s01 = TLanes.MultiplyAdd(x, b1, s01);
                if (sizeof(TColumns) > 2) s02 = TLanes.MultiplyAdd(x, b2, s02);
                if (sizeof(TColumns) > 3) s03 = TLanes.MultiplyAdd(x, b3, s03);
            }
            if (sizeof(TRows) > 1)
            {
                TVector x = TLanes.Load(a1);
                s10 = TLanes.MultiplyAdd(x, b0, s10);
                if (sizeof(TColumns) > 1) s11 = TLanes.MultiplyAdd(x, b1, s11);
                if (sizeof(TColumns) > 2) s12 = TLanes.MultiplyAdd(x, b2, s12);
                if (sizeof(TColumns) > 3) s13 = TLanes.MultiplyAdd(x, b3, s13);
            }
            if (sizeof(TRows) > 2)
            {
                TVector x = TLanes.Load(a2);
                s20 = TLanes.MultiplyAdd(x, b0, s20);
                if (sizeof(TColumns) > 1) s21 = TLanes.MultiplyAdd(x, b1, s21);
                if (sizeof(TColumns) > 2) s22 = TLanes.MultiplyAdd(x, b2, s22);
                if (sizeof(TColumns) > 3) s23 = TLanes.MultiplyAdd(x, b3, s23);
            }
            if (sizeof(TRows) > 3)
            {
                TVector x = TLanes.Load(a3);
                s30 = TLanes.MultiplyAdd(x, b0, s30);
                if (sizeof(TColumns) > 1) s31 = TLanes.MultiplyAdd(x, b1, s31);
                if (sizeof(TColumns) > 2) s32 = TLanes.MultiplyAdd(x, b2, s32);
                if (sizeof(TColumns) > 3) s33 = TLanes.MultiplyAdd(x, b3, s33);
            }

            if (--vectors == 0) break;
            nint step = vectors == 1 ? lastStep : TLanes.Count;
            b += TLanes.Count;
            a0 += step;
            if (sizeof(TRows) > 1) a1 += step;
            if (sizeof(TRows) > 2) a2 += step;
            if (sizeof(TRows) > 3) a3 += step;
        }

        Store<TColumns>(c + 0 * rowStride, columnStride, s00, s01, s02, s03, accumulate);
        if (sizeof(TRows) > 1) Store<TColumns>(c + 1 * rowStride, columnStride, s10, s11, s12, s13, accumulate);
        if (sizeof(TRows) > 2) Store<TColumns>(c + 2 * rowStride, columnStride, s20, s21, s22, s23, accumulate);
        if (sizeof(TRows) > 3) Store<TColumns>(c + 3 * rowStride, columnStride, s30, s31, s32, s33, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(T* c, nint columnStride, TVector s0, TVector s1, TVector s2, TVector s3, bool accumulate)
        where TColumns : unmanaged
    {
        Store(c, s0, accumulate);
        if (sizeof(TColumns) > 1) Store(c + columnStride, s1, accumulate);
        if (sizeof(TColumns) > 2) Store(c + 2 * columnStride, s2, accumulate);
        if (sizeof(TColumns) > 3) Store(c + 3 * columnStride, s3, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* target, TVector sums, bool accumulate)
    {
        T sum = TLanes.Sum(sums);
        *target = accumulate ? (Vector128.CreateScalar(*target) + Vector128.CreateScalar(sum)).ToScalar() : sum;
    }
}
