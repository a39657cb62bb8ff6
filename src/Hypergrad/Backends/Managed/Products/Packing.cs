using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>Copies strips of a matrix so that the tile kernel reads each in one stream, depth after depth.</summary>
internal static unsafe class Packing<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Rows of B asked for ahead: they lie pages apart, where the machine does not look ahead by itself.</summary>
    private const int RowsAhead = 4;

    /// <summary>Packs rows of A, tile after tile: <c>target[t·tileRows·depth + p·tileRows + i]</c> = row i of tile t at depth p.</summary>
    /// <param name="source">Row 0 at depth 0.</param>
    /// <param name="stride">Numbers from one row to the next, or, where <paramref name="transposed"/>, from one depth to the next.</param>
    /// <param name="transposed">Whether the rows lie side by side in the source.</param>
    /// <param name="rows">Rows; the last tile may have fewer than the others, and is packed as closely.</param>
    /// <param name="tileRows">Rows of a tile.</param>
    /// <param name="depth">Numbers of each row.</param>
    /// <param name="target">The packed rows.</param>
    public static void PackRows(T* source, nint stride, bool transposed, nint rows, nint tileRows, nint depth, T* target)
    {
        nint whole = rows / tileRows, rest = rows % tileRows;
        if (transposed)
        {
            PackRowsSideBySide(source, stride, whole, tileRows, depth, target);
            if (rest > 0)
                PackRowsSideBySide(source + whole * tileRows, stride, 1, rest, depth, target + whole * tileRows * depth);
            return;
        }
        for (nint row = 0; row < rows; row += tileRows)
        {
            nint count = Math.Min(tileRows, rows - row);
            Transposition.Transpose(source + row * stride, stride, count, depth, target + row * depth, count);
        }
    }

    // All tiles at each depth: rows side by side are in one line of a cache, which is read once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRowsSideBySide(T* source, nint stride, nint tiles, nint rows, nint depth, T* target)
    {
        nint whole = rows / Vector128<T>.Count * Vector128<T>.Count, size = rows * depth;
        for (nint p = 0; p < depth; p++, source += stride, target += rows)
        {
            T* from = source, to = target;
            for (nint tile = 0; tile < tiles; tile++, from += rows, to += size)
            {
                nint row = 0;
                for (; row < whole; row += Vector128<T>.Count) Vector128.Load(from + row).Store(to + row);
                for (; row < rows; row++) to[row] = from[row];
            }
        }
    }

    /// <summary>Packs neighbouring strips of whole vectors of B from rows, row after row, so that memory is read in long runs.</summary>
    /// <param name="source">The first strip at depth 0.</param>
    /// <param name="stride">Numbers from one depth to the next.</param>
    /// <param name="strips">Strips side by side.</param>
    /// <param name="breadth">Numbers of a strip at each depth: whole vectors.</param>
    /// <param name="depth">The length of the strips.</param>
    /// <param name="target">The first packed strip.</param>
    /// <param name="size">Numbers from one packed strip to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackStrips(T* source, nint stride, nint strips, nint breadth, nint depth, T* target, nint size)
    {
        for (; depth > 0; depth--, source += stride, target += breadth)
        {
            T* from = source, to = target;
            for (nint strip = 0; strip < strips; strip++, from += breadth, to += size)
            {
                for (nint i = 0; i < breadth; i += TLanes.Count)
                {
                    if (Sse.IsSupported) Sse.Prefetch0(from + i + RowsAhead * stride);
                    TLanes.Store(to + i, TLanes.Load(from + i));
                }
            }
        }
    }

    /// <summary>Packs one strip whose last vector is not whole; zeros, or what follows in B, fill it up.</summary>
    /// <param name="source">The strip at depth 0.</param>
    /// <param name="stride">Numbers from one depth to the next.</param>
    /// <param name="breadth">Numbers of the strip at each depth.</param>
    /// <param name="filled">The same in whole vectors: the packed strip's stride.</param>
    /// <param name="depth">The length of the strip.</param>
    /// <param name="readable">Numbers from the source to the end of B.</param>
    /// <param name="target">The packed strip.</param>
    public static void PackRaggedStrip(T* source, nint stride, nint breadth, nint filled, nint depth, nint readable, T* target)
    {
        nint whole = readable < filled ? 0 : Math.Min(depth, (readable - filled) / stride + 1);
        PackStrips(source, stride, 1, filled, whole, target, size: 0);
        for (nint p = whole; p < depth; p++)
        {
            for (nint i = 0; i < filled; i++) target[p * filled + i] = i < breadth ? source[p * stride + i] : default;
        }
    }

    /// <summary>Packs one strip of a transposed B; zeros fill its last vector.</summary>
    /// <param name="source">The strip at depth 0; along a column of the strip its numbers lie side by side.</param>
    /// <param name="stride">Numbers from one column of the strip to the next.</param>
    /// <param name="breadth">Columns of the strip.</param>
    /// <param name="filled">The same in whole vectors: the packed strip's stride.</param>
    /// <param name="depth">The length of the strip.</param>
    /// <param name="target">The packed strip.</param>
    public static void PackTransposedStrip(T* source, nint stride, nint breadth, nint filled, nint depth, T* target)
    {
        Transposition.Transpose(source, stride, breadth, depth, target, filled);
        for (nint p = 0; p < depth && breadth < filled; p++) new Span<T>(target + p * filled + breadth, (int)(filled - breadth)).Clear();
    }
}
