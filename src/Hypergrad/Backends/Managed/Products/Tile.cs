using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The kernel of every product: one tile of C, at most 12 rows by 4 vectors, all of its sums kept in registers over the whole of k.
/// Every number of C is one chain of additions in the order of k, whatever the shape of the tile it falls in.
/// </summary>
/// <remarks>
/// The shapes that fill the registers are 12×1, 12×2, 8×3 and 6×4 where there are 32 of them, 8×1, 6×2 and 4×3 where there are 16.
/// The row and column guards are constants (see <see cref="Counts"/>); the repetition is what keeps the sums in registers.
/// </remarks>
internal static unsafe class Tile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>tile of C (+)= A · B, with A read number by number and B vector by vector.</summary>
    /// <typeparam name="TRows">Rows of the tile.</typeparam>
    /// <typeparam name="TColumns">Vectors in a row of the tile.</typeparam>
    /// <param name="a">A's first number; row i and depth p lie at <c>i·rowStride + p·depthStride</c>.</param>
    /// <param name="rowStride">Numbers from one row of A to the next.</param>
    /// <param name="depthStride">Numbers from one column of A to the next.</param>
    /// <param name="b">B's first row.</param>
    /// <param name="strideB">Numbers from one row of B to the next.</param>
    /// <param name="depth">The length of the sums, k, or of each run of them.</param>
    /// <param name="runs">The runs that the sums go over.</param>
    /// <param name="c">C's first row, all vectors of it but the last one.</param>
    /// <param name="strideC">Numbers from one row of C to the next.</param>
    /// <param name="last">Where the last vector of each row goes: in C, or beside it where C has no room for a whole vector.</param>
    /// <param name="strideLast">Numbers from one last vector to the next.</param>
    /// <param name="accumulate">Whether to add to what C and last hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TRows, TColumns>(
        T* a, nint rowStride, nint depthStride, T* b, nint strideB, nint depth, DepthRuns runs,
        T* c, nint strideC, T* last, nint strideLast, bool accumulate)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default;
        TVector s40 = default, s41 = default, s42 = default, s43 = default;
        TVector s50 = default, s51 = default, s52 = default, s53 = default;
        TVector s60 = default, s61 = default, s62 = default, s63 = default;
        TVector s70 = default, s71 = default, s72 = default, s73 = default;
        TVector s80 = default, s81 = default, s82 = default, s83 = default;
        TVector s90 = default, s91 = default, s92 = default, s93 = default;
        TVector sa0 = default, sa1 = default, sa2 = default, sa3 = default;
        TVector sb0 = default, sb1 = default, sb2 = default, sb3 = default;

        // C is met only at the end, a row at a time, far apart: ask for it while there is time.
        Prefetch<TColumns>(c + 0 * strideC, last + 0 * strideLast);
        if (sizeof(TRows) > 1) Prefetch<TColumns>(c + 1 * strideC, last + 1 * strideLast);
        if (sizeof(TRows) > 2) Prefetch<TColumns>(c + 2 * strideC, last + 2 * strideLast);
        if (sizeof(TRows) > 3) Prefetch<TColumns>(c + 3 * strideC, last + 3 * strideLast);
        if (sizeof(TRows) > 4) Prefetch<TColumns>(c + 4 * strideC, last + 4 * strideLast);
        if (sizeof(TRows) > 5) Prefetch<TColumns>(c + 5 * strideC, last + 5 * strideLast);
        if (sizeof(TRows) > 6) Prefetch<TColumns>(c + 6 * strideC, last + 6 * strideLast);
        if (sizeof(TRows) > 7) Prefetch<TColumns>(c + 7 * strideC, last + 7 * strideLast);
        if (sizeof(TRows) > 8) Prefetch<TColumns>(c + 8 * strideC, last + 8 * strideLast);
        if (sizeof(TRows) > 9) Prefetch<TColumns>(c + 9 * strideC, last + 9 * strideLast);
        if (sizeof(TRows) > 10) Prefetch<TColumns>(c + 10 * strideC, last + 10 * strideLast);
        if (sizeof(TRows) > 11) Prefetch<TColumns>(c + 11 * strideC, last + 11 * strideLast);

        T* a0 = a, a3 = a + 3 * rowStride, a6 = a + 6 * rowStride, a9 = a + 9 * rowStride;
        for (nint run = runs.Count; run > 0; run--)
        {
            for (nint p = depth; p > 0; p--)
            {
                TVector b0 = TLanes.Load(b), b1 = default, b2 = default, b3 = default;
                if (sizeof(TColumns) > 1) b1 = TLanes.Load(b + TLanes.Count);
                if (sizeof(TColumns) > 2) b2 = TLanes.Load(b + 2 * TLanes.Count);
                if (sizeof(TColumns) > 3) b3 = TLanes.Load(b + 3 * TLanes.Count);
                b += strideB;

                {
                    TVector x = TLanes.Broadcast(a0);
                    s00 = TLanes.MultiplyAdd(x, b0, s00);
                    if (sizeof(TColumns) > 1) s01 = TLanes.MultiplyAdd(x, b1, s01);
                    if (sizeof(TColumns) > 2) s02 = TLanes.MultiplyAdd(x, b2, s02);
                    if (sizeof(TColumns) > 3) s03 = TLanes.MultiplyAdd(x, b3, s03);
                }
                if (sizeof(TRows) > 1)
                {
                    TVector x = TLanes.Broadcast(a0 + rowStride);
                    s10 = TLanes.MultiplyAdd(x, b0, s10);
                    if (sizeof(TColumns) > 1) s11 = TLanes.MultiplyAdd(x, b1, s11);
                    if (sizeof(TColumns) > 2) s12 = TLanes.MultiplyAdd(x, b2, s12);
                    if (sizeof(TColumns) > 3) s13 = TLanes.MultiplyAdd(x, b3, s13);
                }
                if (sizeof(TRows) > 2)
                {
                    TVector x = TLanes.Broadcast(a0 + 2 * rowStride);
                    s20 = TLanes.MultiplyAdd(x, b0, s20);
                    if (sizeof(TColumns) > 1) s21 = TLanes.MultiplyAdd(x, b1, s21);
                    if (sizeof(TColumns) > 2) s22 = TLanes.MultiplyAdd(x, b2, s22);
                    if (sizeof(TColumns) > 3) s23 = TLanes.MultiplyAdd(x, b3, s23);
                }
                if (sizeof(TRows) > 3)
                {
                    TVector x = TLanes.Broadcast(a3);
                    s30 = TLanes.MultiplyAdd(x, b0, s30);
                    if (sizeof(TColumns) > 1) s31 = TLanes.MultiplyAdd(x, b1, s31);
                    if (sizeof(TColumns) > 2) s32 = TLanes.MultiplyAdd(x, b2, s32);
                    if (sizeof(TColumns) > 3) s33 = TLanes.MultiplyAdd(x, b3, s33);
                }
                if (sizeof(TRows) > 4)
                {
                    TVector x = TLanes.Broadcast(a3 + rowStride);
                    s40 = TLanes.MultiplyAdd(x, b0, s40);
                    if (sizeof(TColumns) > 1) s41 = TLanes.MultiplyAdd(x, b1, s41);
                    if (sizeof(TColumns) > 2) s42 = TLanes.MultiplyAdd(x, b2, s42);
                    if (sizeof(TColumns) > 3) s43 = TLanes.MultiplyAdd(x, b3, s43);
                }
                if (sizeof(TRows) > 5)
                {
                    TVector x = TLanes.Broadcast(a3 + 2 * rowStride);
                    s50 = TLanes.MultiplyAdd(x, b0, s50);
                    if (sizeof(TColumns) > 1) s51 = TLanes.MultiplyAdd(x, b1, s51);
                    if (sizeof(TColumns) > 2) s52 = TLanes.MultiplyAdd(x, b2, s52);
                    if (sizeof(TColumns) > 3) s53 = TLanes.MultiplyAdd(x, b3, s53);
                }
                if (sizeof(TRows) > 6)
                {
                    TVector x = TLanes.Broadcast(a6);
                    s60 = TLanes.MultiplyAdd(x, b0, s60);
                    if (sizeof(TColumns) > 1) s61 = TLanes.MultiplyAdd(x, b1, s61);
                    if (sizeof(TColumns) > 2) s62 = TLanes.MultiplyAdd(x, b2, s62);
                    if (sizeof(TColumns) > 3) s63 = TLanes.MultiplyAdd(x, b3, s63);
                }
                if (sizeof(TRows) > 7)
                {
                    TVector x = TLanes.Broadcast(a6 + rowStride);
                    s70 = TLanes.MultiplyAdd(x, b0, s70);
                    if (sizeof(TColumns) > 1) s71 = TLanes.MultiplyAdd(x, b1, s71);
                    if (sizeof(TColumns) > 2) s72 = TLanes.MultiplyAdd(x, b2, s72);
                    if (sizeof(TColumns) > 3) s73 = TLanes.MultiplyAdd(x, b3, s73);
                }
                if (sizeof(TRows) > 8)
                {
                    TVector x = TLanes.Broadcast(a6 + 2 * rowStride);
                    s80 = TLanes.MultiplyAdd(x, b0, s80);
                    if (sizeof(TColumns) > 1) s81 = TLanes.MultiplyAdd(x, b1, s81);
                    if (sizeof(TColumns) > 2) s82 = TLanes.MultiplyAdd(x, b2, s82);
                    if (sizeof(TColumns) > 3) s83 = TLanes.MultiplyAdd(x, b3, s83);
                }
                if (sizeof(TRows) > 9)
                {
                    TVector x = TLanes.Broadcast(a9);
                    s90 = TLanes.MultiplyAdd(x, b0, s90);
                    if (sizeof(TColumns) > 1) s91 = TLanes.MultiplyAdd(x, b1, s91);
                    if (sizeof(TColumns) > 2) s92 = TLanes.MultiplyAdd(x, b2, s92);
                    if (sizeof(TColumns) > 3) s93 = TLanes.MultiplyAdd(x, b3, s93);
                }
                if (sizeof(TRows) > 10)
                {
                    TVector x = TLanes.Broadcast(a9 + rowStride);
                    sa0 = TLanes.MultiplyAdd(x, b0, sa0);
                    if (sizeof(TColumns) > 1) sa1 = TLanes.MultiplyAdd(x, b1, sa1);
                    if (sizeof(TColumns) > 2) sa2 = TLanes.MultiplyAdd(x, b2, sa2);
                    if (sizeof(TColumns) > 3) sa3 = TLanes.MultiplyAdd(x, b3, sa3);
                }
                if (sizeof(TRows) > 11)
                {
                    TVector x = TLanes.Broadcast(a9 + 2 * rowStride);
                    sb0 = TLanes.MultiplyAdd(x, b0, sb0);
                    if (sizeof(TColumns) > 1) sb1 = TLanes.MultiplyAdd(x, b1, sb1);
                    if (sizeof(TColumns) > 2) sb2 = TLanes.MultiplyAdd(x, b2, sb2);
                    if (sizeof(TColumns) > 3) sb3 = TLanes.MultiplyAdd(x, b3, sb3);
                }

                a0 += depthStride;
                if (sizeof(TRows) > 3) a3 += depthStride;
                if (sizeof(TRows) > 6) a6 += depthStride;
                if (sizeof(TRows) > 9) a9 += depthStride;
            }

            a0 += runs.NextA;
            if (sizeof(TRows) > 3) a3 += runs.NextA;
            if (sizeof(TRows) > 6) a6 += runs.NextA;
            if (sizeof(TRows) > 9) a9 += runs.NextA;
            b += runs.NextB;
        }

        Store<TColumns>(c + 0 * strideC, last + 0 * strideLast, s00, s01, s02, s03, accumulate);
        if (sizeof(TRows) > 1) Store<TColumns>(c + 1 * strideC, last + 1 * strideLast, s10, s11, s12, s13, accumulate);
        if (sizeof(TRows) > 2) Store<TColumns>(c + 2 * strideC, last + 2 * strideLast, s20, s21, s22, s23, accumulate);
        if (sizeof(TRows) > 3) Store<TColumns>(c + 3 * strideC, last + 3 * strideLast, s30, s31, s32, s33, accumulate);
        if (sizeof(TRows) > 4) Store<TColumns>(c + 4 * strideC, last + 4 * strideLast, s40, s41, s42, s43, accumulate);
        if (sizeof(TRows) > 5) Store<TColumns>(c + 5 * strideC, last + 5 * strideLast, s50, s51, s52, s53, accumulate);
        if (sizeof(TRows) > 6) Store<TColumns>(c + 6 * strideC, last + 6 * strideLast, s60, s61, s62, s63, accumulate);
        if (sizeof(TRows) > 7) Store<TColumns>(c + 7 * strideC, last + 7 * strideLast, s70, s71, s72, s73, accumulate);
        if (sizeof(TRows) > 8) Store<TColumns>(c + 8 * strideC, last + 8 * strideLast, s80, s81, s82, s83, accumulate);
        if (sizeof(TRows) > 9) Store<TColumns>(c + 9 * strideC, last + 9 * strideLast, s90, s91, s92, s93, accumulate);
        if (sizeof(TRows) > 10) Store<TColumns>(c + 10 * strideC, last + 10 * strideLast, sa0, sa1, sa2, sa3, accumulate);
        if (sizeof(TRows) > 11) Store<TColumns>(c + 11 * strideC, last + 11 * strideLast, sb0, sb1, sb2, sb3, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(T* c, T* last, TVector s0, TVector s1, TVector s2, TVector s3, bool accumulate)
        where TColumns : unmanaged
    {
        Store(sizeof(TColumns) > 1 ? c : last, s0, accumulate);
        if (sizeof(TColumns) > 1) Store(sizeof(TColumns) > 2 ? c + TLanes.Count : last, s1, accumulate);
        if (sizeof(TColumns) > 2) Store(sizeof(TColumns) > 3 ? c + 2 * TLanes.Count : last, s2, accumulate);
        if (sizeof(TColumns) > 3) Store(last, s3, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* target, TVector sum, bool accumulate)
    {
        if (accumulate) sum = TLanes.Add(TLanes.Load(target), sum);
        TLanes.Store(target, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TColumns>(T* c, T* last)
        where TColumns : unmanaged
    {
        if (!Sse.IsSupported) return;
        if (sizeof(TColumns) > 1) Sse.Prefetch0(c);
        if (sizeof(TColumns) > 2 && sizeof(TVector) > 32) Sse.Prefetch0(c + TLanes.Count);
        if (sizeof(TColumns) > 3 && sizeof(TVector) > 32) Sse.Prefetch0(c + 2 * TLanes.Count);
        Sse.Prefetch0(last);
    }
}
