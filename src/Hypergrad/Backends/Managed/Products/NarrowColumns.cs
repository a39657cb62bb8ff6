using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The last few columns of C, those that would leave most of a vector idle: with 16 lanes, 50 columns are 3 vectors and 2 of these.
/// The vectors run along the depth where A does, otherwise along the rows of C, which then is computed transposed.
/// </summary>
internal static unsafe class NarrowColumns<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>The shortest sums that repay adding up the lanes of a vector, in vectors.</summary>
    private const int ShortestVectors = 2;

    /// <summary>How many of the last columns of C are computed here: none where it does not pay.</summary>
    public static int Count(int m, int n, int k, bool transposeA)
    {
        int columns = n % TLanes.Count;
        bool pays = transposeA ? m >= TLanes.Count : k >= ShortestVectors * TLanes.Count;
        return pays && columns <= Math.Min(4, TLanes.Count / 4) ? columns : 0;
    }

    /// <summary>Numbers that <see cref="Pack"/> writes.</summary>
    public static nint PackedCount(int columns, int k) => (nint)columns * Vectors(k) * TLanes.Count;

    /// <summary>
    /// Lays columns of B along the depth in whole vectors. The last one holds the last numbers of the depth behind zeros, so that it goes
    /// with the last whole vector of a row of A, and nothing behind the row is read.
    /// </summary>
    /// <param name="b">The first of the columns at depth 0.</param>
    /// <param name="columnStride">Numbers from one column to the next.</param>
    /// <param name="depthStride">Numbers from one depth to the next.</param>
    /// <param name="columns">Columns, at most 4.</param>
    /// <param name="k">The depth.</param>
    /// <param name="target">The packed columns.</param>
    public static void Pack(T* b, nint columnStride, nint depthStride, int columns, int k, T* target)
    {
        int whole = k / TLanes.Count * TLanes.Count, zeros = whole == k ? 0 : TLanes.Count - (k - whole);
        for (int column = 0; column < columns; column++, b += columnStride)
        {
            for (int p = 0; p < whole; p++) *target++ = b[p * depthStride];
            for (int i = 0; i < zeros; i++) *target++ = default;
            for (int p = whole; p < k; p++) *target++ = b[p * depthStride];
        }
    }

    /// <summary>Rows of C's last columns where the rows of A run along the depth.</summary>
    /// <param name="a">A's first row of these.</param>
    /// <param name="packed">The columns of B; see <see cref="Pack"/>.</param>
    /// <param name="columns">Columns, at most 4.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="k">The depth.</param>
    /// <param name="c">The first number of C.</param>
    /// <param name="rowStride">Numbers from one row of C to the next.</param>
    /// <param name="columnStride">Numbers from one column of C to the next.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    public static void MultiplyRows(T* a, T* packed, int columns, int rows, int k, T* c, nint rowStride, nint columnStride, bool accumulate)
    {
        int vectors = Vectors(k), rest = k % TLanes.Count;
        nint lastStep = rest == 0 ? TLanes.Count : rest;
        for (; rows > 0; rows -= 4, a += 4 * (nint)k, c += 4 * rowStride)
            TileShapes<TLanes, TVector, T>.DotKernel(Math.Min(rows, 4), columns)(
                a, k, packed, vectors, lastStep, c, rowStride, columnStride, accumulate);
    }

    /// <summary>The same where the rows of A lie side by side: Cᵀ = Bᵀ · Aᵀ in tiles of whole vectors, then turned.</summary>
    /// <param name="a">A, stored k × m, with m at least a vector.</param>
    /// <param name="m">Rows of all of C.</param>
    /// <param name="b">The first of the columns of B at depth 0.</param>
    /// <param name="strideB">Numbers from one column of B to the next.</param>
    /// <param name="depthStride">Numbers of B from one depth to the next.</param>
    /// <param name="columns">Columns, at most 4.</param>
    /// <param name="firstRow">The first row to compute.</param>
    /// <param name="endRow">The row after the last one.</param>
    /// <param name="k">The depth.</param>
    /// <param name="c">The first of the columns of C in its row 0.</param>
    /// <param name="rowStride">Numbers from one row of C to the next.</param>
    /// <param name="columnStride">Numbers from one column of C to the next.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    /// <param name="tile">Room for <paramref name="columns"/> × 4 vectors.</param>
    public static void MultiplyTurned(
        T* a, int m, T* b, nint strideB, nint depthStride, int columns, int firstRow, int endRow, int k,
        T* c, nint rowStride, nint columnStride, bool accumulate, T* tile)
    {
        int widest = TLanes.HasManyRegisters ? 4 : 3;
        for (int row = firstRow; row < endRow;)
        {
            int vectors = Math.Clamp((endRow - row) / TLanes.Count, 1, widest), breadth = vectors * TLanes.Count;
            // What is left of less than a vector is computed with rows before it, which are computed twice and written once.
            int start = Math.Min(row, m - breadth);
            T* last = tile + breadth - TLanes.Count;
            TileShapes<TLanes, TVector, T>.Kernel(columns, vectors)(
                b, strideB, depthStride, a + start, m, k, DepthRuns.One, tile, breadth, last, breadth, false);
            int end = Math.Min(endRow, start + breadth);
            for (int column = 0; column < columns; column++)
            {
                T* from = tile + column * breadth - start, to = c + column * columnStride;
                for (int i = row; i < end; i++)
                {
                    to[i * rowStride] = accumulate
                        ? (Vector128.CreateScalar(to[i * rowStride]) + Vector128.CreateScalar(from[i])).ToScalar()
                        : from[i];
                }
            }
            row = end;
        }
    }

    private static int Vectors(int k) => Blocking.DivideUp(k, TLanes.Count);
}
