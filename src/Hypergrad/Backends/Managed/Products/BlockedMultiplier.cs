using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The loops around the tile kernel: columns of C, parts of k, then (shared out over the team) blocks of rows, strips of B, tiles.
/// What a product is made of lies in fields, so that the team's bodies are made once and nothing is allocated per call.
/// </summary>
internal sealed unsafe class BlockedMultiplier<TLanes, TVector, T> : Multiplier<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Numbers of B below which packing is not worth waking the team for.</summary>
    private const int PackedByOne = 4 << 10;

    /// <summary>Strips of B packed together, in runs of a kilobyte.</summary>
    private const int GroupStrips = 8;

    /// <summary>The least depth worth a worker's while.</summary>
    private const int PartDepth = 32;

    /// <summary>Vectors of room for each worker: the ends of 12 rows, or a turned tile of 4 columns by 4 vectors.</summary>
    private const int EndVectors = 16;

    private readonly ProductWorkspace<T> workspace;
    private readonly Action<int, int> packGroup;
    private readonly Action<int, int> multiplyTask;
    private readonly Action<int, int> multiplyNarrowTask;
    private Blocking blocking;
    private bool transposeA, transposeB, accumulate, addsToC, readsB;
    private int m, n, k;

    /// <summary>Columns of C computed in vectors along them, and the few after these.</summary>
    private int wide, narrow;

    private nint rowStrideC, columnStrideC;
    private T* a, b, c, strips, packedNarrow;

    /// <summary>The part in work: its first column and its columns, its first depth and its depth, its strips.</summary>
    private int firstColumn, columns, firstDepth, depth, stripCount;

    /// <summary>Parts of the depth packed apart, so that one strip too is packed by the whole team.</summary>
    private int packParts;

    /// <summary>How it is shared out: tiles of a task downwards, strips of a task along, tasks along.</summary>
    private int taskTiles, taskStrips, tasksAlong;

    public BlockedMultiplier(ProductWorkspace<T> workspace)
    {
        this.workspace = workspace;
        packGroup = PackGroup;
        multiplyTask = MultiplyTask;
        multiplyNarrowTask = (task, worker) => MultiplyNarrowRows(task * taskTiles, Math.Min(m, (task + 1) * taskTiles), worker);
    }

    public override void Multiply(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, Workers workers)
    {
        (this.m, this.n, this.k, this.transposeA, this.transposeB, this.accumulate) = (m, n, k, transposeA, transposeB, accumulate);
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
        for (firstColumn = 0; firstColumn < wide; firstColumn += columns)
        {
            columns = Math.Min(blocking.Columns, wide - firstColumn);
            stripCount = Blocking.DivideUp(columns, blocking.StripColumns);
            for (firstDepth = 0; firstDepth < k; firstDepth += depth)
            {
                depth = Math.Min(blocking.Depth, k - firstDepth);
                addsToC = accumulate || firstDepth > 0;
                PackStrips(workers);
                MultiplyTasks(workers);
            }
        }
    }

    private void PackStrips(Workers workers)
    {
        strips = workspace.Strips((nint)stripCount * blocking.StripColumns * depth);
        int groups = Blocking.DivideUp(stripCount, GroupStrips);
        bool alone = (long)columns * depth <= PackedByOne;
        packParts = alone ? 1 : Math.Clamp(Blocking.DivideUp(workers.Threads, groups), 1, Blocking.DivideUp(depth, PartDepth));
        if (alone)
            for (int group = 0; group < groups; group++) PackGroup(group, 0);
        else
            workers.For(groups * packParts, packGroup);
    }

    private void PackGroup(int item, int worker)
    {
        int strip = item / packParts * GroupStrips, endStrip = Math.Min(stripCount, strip + GroupStrips);
        int partDepth = Blocking.DivideUp(depth, packParts), first = Math.Min(depth, item % packParts * partDepth);
        int count = Math.Min(partDepth, depth - first);
        int whole = transposeB ? 0 : Math.Min(endStrip - strip, (wide - ColumnOf(strip)) / blocking.StripColumns);
        if (whole > 0 && !readsB)
            Packing<TLanes, TVector, T>.PackStrips(
                SourceB(strip) + (nint)first * n, n, whole, blocking.StripColumns, count,
                Packed(strip) + (nint)first * blocking.StripColumns, (nint)blocking.StripColumns * depth);
        for (strip += whole; strip < endStrip; strip++) PackStrip(strip, first, count);
    }

    /// <summary>Packs part of a strip that is narrower than the others, or transposed.</summary>
    private void PackStrip(int strip, int first, int count)
    {
        int breadth = Math.Min(blocking.StripColumns, wide - ColumnOf(strip));
        int filled = Blocking.DivideUp(breadth, TLanes.Count) * TLanes.Count;
        T* target = Packed(strip) + (nint)first * filled;
        if (transposeB)
        {
            Packing<TLanes, TVector, T>.PackTransposedStrip(SourceB(strip) + first, k, breadth, filled, count, target);
        }
        else if (!readsB || filled != breadth)
        {
            T* source = SourceB(strip) + (nint)first * n;
            nint readable = (nint)(b + (nint)k * n - source);
            Packing<TLanes, TVector, T>.PackRaggedStrip(source, n, breadth, filled, count, readable, target);
        }
    }

    private int ColumnOf(int strip) => firstColumn + strip * blocking.StripColumns;

    private T* SourceB(int strip) => transposeB ? b + (nint)ColumnOf(strip) * k + firstDepth : b + (nint)firstDepth * n + ColumnOf(strip);

    private T* SourceA(int row) => transposeA ? a + (nint)firstDepth * m + row : a + (nint)row * k + firstDepth;

    private T* Packed(int strip) => strips + (nint)strip * blocking.StripColumns * depth;

    private void MultiplyTasks(Workers workers)
    {
        int tiles = Blocking.DivideUp(m, blocking.TileRows);
        int down = Math.Max(Blocking.DivideUp(m, blocking.Rows), Math.Min(workers.Threads, tiles));
        taskTiles = Blocking.DivideUp(tiles, down);
        int tasksDown = Blocking.DivideUp(tiles, taskTiles);
        int along = Math.Min(Blocking.DivideUp(workers.Threads, tasksDown), stripCount);
        taskStrips = Blocking.DivideUp(stripCount, along);
        tasksAlong = Blocking.DivideUp(stripCount, taskStrips);
        workers.For(tasksDown * tasksAlong, multiplyTask);
    }

    private void MultiplyTask(int task, int worker)
    {
        int firstRow = task / tasksAlong * taskTiles * blocking.TileRows;
        int endRow = Math.Min(m, firstRow + taskTiles * blocking.TileRows);
        int firstStrip = task % tasksAlong * taskStrips, endStrip = Math.Min(stripCount, firstStrip + taskStrips);
        T* block = blocking.PackA ? PackBlock(firstRow, endRow, worker) : null;
        T* end = workspace.End(worker, EndVectors * TLanes.Count);
        for (int strip = firstStrip; strip < endStrip; strip++) MultiplyStrip(strip, firstRow, endRow, block, end);
        if (narrow > 0 && firstStrip == 0 && firstColumn == 0 && firstDepth == 0) MultiplyNarrowRows(firstRow, endRow, worker);
    }

    private T* PackBlock(int firstRow, int endRow, int worker)
    {
        T* block = workspace.Block(worker, (nint)(endRow - firstRow) * depth);
        T* target = block;
        for (int row = firstRow; row < endRow; row += blocking.TileRows)
        {
            int rows = Math.Min(blocking.TileRows, endRow - row);
            Packing<TLanes, TVector, T>.PackRows(SourceA(row), transposeA ? m : k, transposeA, rows, depth, target);
            target += (nint)rows * depth;
        }
        return block;
    }

    private void MultiplyStrip(int strip, int firstRow, int endRow, T* block, T* end)
    {
        int column = ColumnOf(strip), breadth = Math.Min(blocking.StripColumns, wide - column);
        int vectors = Blocking.DivideUp(breadth, TLanes.Count), before = (vectors - 1) * TLanes.Count, rest = breadth - before;
        bool ragged = rest < TLanes.Count, inPlace = readsB && !ragged;
        T* panel = inPlace ? SourceB(strip) : Packed(strip);
        nint strideB = inPlace ? n : vectors * TLanes.Count;
        var kernel = TileShapes<TLanes, TVector, T>.Kernel(blocking.TileRows, vectors);
        for (int row = firstRow; row < endRow; row += blocking.TileRows)
        {
            int rows = Math.Min(blocking.TileRows, endRow - row);
            if (rows < blocking.TileRows) kernel = TileShapes<TLanes, TVector, T>.Kernel(rows, vectors);
            T* from = block is not null ? block + (nint)(row - firstRow) * depth : SourceA(row);
            nint rowStride = block is not null || transposeA ? 1 : k;
            nint depthStride = block is not null ? rows : transposeA ? m : 1;
            T* to = c + (nint)row * n + column;
            if (ragged)
            {
                if (addsToC) CopyEnds(to + before, n, end, TLanes.Count, rows, rest);
                kernel(from, rowStride, depthStride, panel, strideB, depth, to, n, end, TLanes.Count, addsToC);
                CopyEnds(end, TLanes.Count, to + before, n, rows, rest);
            }
            else
            {
                kernel(from, rowStride, depthStride, panel, strideB, depth, to, n, to + before, n, addsToC);
            }
        }
    }

    private void PackNarrow()
    {
        packedNarrow = workspace.Narrow(NarrowColumns<TLanes, TVector, T>.PackedCount(narrow, k));
        NarrowColumns<TLanes, TVector, T>.Pack(NarrowB, transposeB ? k : 1, transposeB ? 1 : n, narrow, k, packedNarrow);
    }

    private T* NarrowB => b + (transposeB ? (nint)wide * k : wide);

    private void MultiplyNarrow(Workers workers)
    {
        taskTiles = Math.Max(64, Blocking.DivideUp(m, workers.Threads));
        workers.For(Blocking.DivideUp(m, taskTiles), multiplyNarrowTask);
    }

    private void MultiplyNarrowRows(int firstRow, int endRow, int worker)
    {
        T* target = c + wide * columnStrideC;
        if (transposeA)
            NarrowColumns<TLanes, TVector, T>.MultiplyTurned(
                a, m, NarrowB, transposeB ? k : 1, transposeB ? 1 : n, narrow, firstRow, endRow, k,
                target, rowStrideC, columnStrideC, accumulate, workspace.End(worker, EndVectors * TLanes.Count));
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
}
