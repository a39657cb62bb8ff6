using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The loops around the tile kernel. What a product is made of lies in fields, so that the team's bodies are made once and nothing is
/// allocated per call. A product of few columns reads A where it lies, and its rows are shared out over the team; one of many packs A for
/// all, and its columns are shared out.
/// </summary>
internal sealed unsafe partial class BlockedMultiplier<TLanes, TVector, T> : Multiplier<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Vectors of room for each worker: the ends of 12 rows, or a turned tile of 4 columns by 4 vectors.</summary>
    private const int EndVectors = 16;

    private readonly ProductWorkspace<T> workspace;
    private readonly Action<int, int> packGroup, multiplyRows, packRows, multiplyColumns, multiplyNarrowTask;
    private Blocking blocking;
    private bool transposeA, transposeB, accumulate, readsB;
    private int m, n, k;

    /// <summary>Columns of C computed in vectors along them, the strips that these make, and the few columns after them.</summary>
    private int wide, stripCount, narrow;

    private nint rowStrideC, columnStrideC;
    private T* a, b, c, packedNarrow;

    /// <summary>What the rows of C begin with, or null.</summary>
    private T* addend;

    /// <summary>Rows of a task, in tiles where C has vectors along its columns.</summary>
    private int taskRows;

    public BlockedMultiplier(ProductWorkspace<T> workspace)
    {
        this.workspace = workspace;
        (packGroup, multiplyRows) = (PackGroup, MultiplyRows);
        (packRows, multiplyColumns) = (PackRows, MultiplyColumns);
        multiplyNarrowTask = (task, worker) => MultiplyNarrowRows(task * taskRows, Math.Min(m, (task + 1) * taskRows), worker);
    }

    public override void Multiply(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, Workers workers, T* addend = null)
    {
        (this.m, this.n, this.k, this.transposeA, this.transposeB) = (m, n, k, transposeA, transposeB);
        this.addend = addend;
        this.accumulate = accumulate || addend is not null;
        this.a = a;
        this.b = b;
        this.c = c;
        (rowStrideC, columnStrideC) = (n, 1);
        narrow = NarrowColumns<TLanes, TVector, T>.Count(m, n, k, transposeA);
        if (transposeB && n > m && NarrowColumns<TLanes, TVector, T>.Count(n, m, k, transposeA: false) == m) Turn();
        wide = this.n - narrow;
        if (narrow > 0 && !this.transposeA) PackNarrow();
        if (wide > 0)
            MultiplyWide(workers);
        else
            MultiplyNarrow(workers);
    }

    /// <summary>Cᵀ = op(B)ᵀ · op(A)ᵀ, where that has a few columns that run along the depth.</summary>
    private void Turn()
    {
        if (addend is not null) Begin(c, 0, n, m);
        addend = null;
        (m, n, transposeA, transposeB) = (n, m, !transposeB, !transposeA);
        T* former = a;
        a = b;
        b = former;
        (rowStrideC, columnStrideC) = (1, m);
        narrow = n;
    }

    private void MultiplyWide(Workers workers)
    {
        blocking = new Blocking(m, wide, k, transposeA ? m : k, TLanes.Count, TLanes.HasManyRegisters, sizeof(T));
        readsB = !transposeB && m <= 2 * blocking.TileRows;
        stripCount = Blocking.DivideUp(wide, blocking.StripColumns);
        if (blocking.PackA)
            ShareOutColumns(workers);
        else
            ShareOutRows(workers);
    }

    /// <summary>Packs strips of B, or a piece of their depth.</summary>
    /// <param name="strip">The first strip.</param>
    /// <param name="endStrip">The strip after the last.</param>
    /// <param name="piece">What is packed of the depth.</param>
    /// <param name="target">The first packed strip; each has room for all of its columns over the depth.</param>
    /// <param name="depth">The depth of the packed strips.</param>
    /// <param name="before">What lies before the piece in them.</param>
    private void Pack(int strip, int endStrip, Part piece, T* target, int depth, int before)
    {
        nint size = (nint)blocking.StripColumns * depth;
        int whole = transposeB ? 0 : Math.Min(endStrip - strip, wide / blocking.StripColumns - strip);
        if (whole > 0 && !readsB)
            Packing<TLanes, TVector, T>.PackStrips(
                SourceB(strip, piece.First), n, whole, blocking.StripColumns, piece.Depth,
                target + (nint)before * blocking.StripColumns, size);
        for (int i = Math.Max(0, whole); i < endStrip - strip; i++)
            PackSlowly(strip + i, piece, target + i * size, before);
    }

    /// <summary>Packs a strip that is narrower than the others, or transposed.</summary>
    private void PackSlowly(int strip, Part piece, T* target, int before)
    {
        int breadth = BreadthOf(strip), filled = Blocking.DivideUp(breadth, TLanes.Count) * TLanes.Count;
        T* source = SourceB(strip, piece.First);
        target += (nint)before * filled;
        if (transposeB)
            Packing<TLanes, TVector, T>.PackTransposedStrip(source, k, breadth, filled, piece.Depth, target);
        else if (!readsB || filled != breadth)
            Packing<TLanes, TVector, T>.PackRaggedStrip(source, n, breadth, filled, piece.Depth, (nint)(b + (nint)k * n - source), target);
    }

    /// <summary>Rows of C in one strip.</summary>
    /// <param name="strip">The strip.</param>
    /// <param name="part">The part of the depth.</param>
    /// <param name="packed">The strip packed.</param>
    /// <param name="firstRow">The first row, the first of a tile.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="rows">The rows of A packed, or none, and A is read where it lies.</param>
    /// <param name="end">The worker's room for the ends of a tile.</param>
    private void MultiplyStrip(int strip, Part part, T* packed, int firstRow, int endRow, PackedRows rows, T* end)
    {
        int column = strip * blocking.StripColumns, breadth = BreadthOf(strip);
        int vectors = Blocking.DivideUp(breadth, TLanes.Count), before = (vectors - 1) * TLanes.Count, rest = breadth - before;
        bool ragged = rest < TLanes.Count, inPlace = readsB && !ragged, addsToC = accumulate || part.First > 0;
        T* numbers = inPlace ? SourceB(strip, part.First) : packed;
        nint strideB = inPlace ? n : vectors * TLanes.Count;
        var kernel = TileShapes<TLanes, TVector, T>.Kernel(blocking.TileRows, vectors);
        for (int row = firstRow; row < endRow; row += blocking.TileRows)
        {
            int count = Math.Min(blocking.TileRows, endRow - row);
            if (count < blocking.TileRows) kernel = TileShapes<TLanes, TVector, T>.Kernel(count, vectors);
            T* from = rows.Any ? rows.Tile(row - firstRow, count) : SourceA(row, part.First);
            nint rowStride = rows.Any || transposeA ? 1 : k;
            nint depthStride = rows.Any ? count : transposeA ? m : 1;
            T* to = c + (nint)row * n + column;
            if (addend is not null && part.First == 0) Begin(to, column, breadth, count);
            if (ragged)
            {
                if (addsToC) CopyEnds(to + before, n, end, TLanes.Count, count, rest);
                kernel(from, rowStride, depthStride, numbers, strideB, part.Depth, DepthRuns.One, to, n, end, TLanes.Count, addsToC);
                CopyEnds(end, TLanes.Count, to + before, n, count, rest);
            }
            else
            {
                kernel(from, rowStride, depthStride, numbers, strideB, part.Depth, DepthRuns.One, to, n, to + before, n, addsToC);
            }
        }
    }

    /// <summary>Rows of C, or a stretch of each, begin with what is added: just before a tile is made, while it is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(T* target, int column, int columns, int rows)
    {
        T* source = addend + column;
        for (; rows > 0; rows--, target += n)
        {
            int i = 0;
            for (; i + TLanes.Count <= columns; i += TLanes.Count) TLanes.Store(target + i, TLanes.Load(source + i));
            for (; i < columns; i++) target[i] = source[i];
        }
    }

    private T* EndOf(int worker) => workspace.End(worker, EndVectors * TLanes.Count);

    private int BreadthOf(int strip) => Math.Min(blocking.StripColumns, wide - strip * blocking.StripColumns);

    private T* SourceB(int strip, int depth)
    {
        nint column = strip * blocking.StripColumns;
        return transposeB ? b + column * k + depth : b + (nint)depth * n + column;
    }

    private T* SourceA(int row, int depth) => transposeA ? a + (nint)depth * m + row : a + (nint)row * k + depth;

    private Part PartFrom(int first, int end) => new(first, Math.Min(blocking.Depth, end - first));

    private void PackNarrow()
    {
        packedNarrow = workspace.Narrow(NarrowColumns<TLanes, TVector, T>.PackedCount(narrow, k));
        NarrowColumns<TLanes, TVector, T>.Pack(NarrowB, transposeB ? k : 1, transposeB ? 1 : n, narrow, k, packedNarrow);
    }

    private T* NarrowB => b + (transposeB ? (nint)wide * k : wide);

    private void MultiplyNarrow(Workers workers)
    {
        taskRows = Math.Max(64, Blocking.DivideUp(m, workers.Threads));
        workers.For(Blocking.DivideUp(m, taskRows), multiplyNarrowTask);
    }

    private void MultiplyNarrowRows(int firstRow, int endRow, int worker)
    {
        T* target = c + wide * columnStrideC;
        if (addend is not null) Begin(target + firstRow * rowStrideC, wide, narrow, endRow - firstRow);
        if (transposeA)
            NarrowColumns<TLanes, TVector, T>.MultiplyTurned(
                a, m, NarrowB, transposeB ? k : 1, transposeB ? 1 : n, narrow, firstRow, endRow, k,
                target, rowStrideC, columnStrideC, accumulate, EndOf(worker));
        else
            NarrowColumns<TLanes, TVector, T>.MultiplyRows(
                a + (nint)firstRow * k, packedNarrow, narrow, endRow - firstRow, k,
                target + firstRow * rowStrideC, rowStrideC, columnStrideC, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyEnds(T* source, nint sourceStride, T* target, nint targetStride, int rows, int count)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            int i = 0;
            for (; i + Vector128<T>.Count <= count; i += Vector128<T>.Count) Vector128.Load(source + i).Store(target + i);
            for (; i < count; i++) target[i] = source[i];
        }
    }

    /// <summary>A part of the depth: where it begins, and what there is of it.</summary>
    private readonly record struct Part(int First, int Depth);

    /// <summary>Packed rows of A, a tile after the other.</summary>
    /// <param name="first">The first tile.</param>
    /// <param name="depth">The depth of each.</param>
    /// <param name="before">What is passed over of it.</param>
    private readonly struct PackedRows(T* first, nint depth, nint before)
    {
        public bool Any => first != null;

        /// <summary>A tile of rows.</summary>
        /// <param name="row">Its first row: all before it are in whole tiles.</param>
        /// <param name="count">Its rows.</param>
        public T* Tile(int row, int count) => first + row * depth + before * count;
    }
}
