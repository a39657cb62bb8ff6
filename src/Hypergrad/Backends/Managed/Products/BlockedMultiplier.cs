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
    private const int PackedByOne = 16 << 10;

    /// <summary>Strips of B packed together, in runs of a kilobyte.</summary>
    private const int GroupStrips = 8;

    private readonly ProductWorkspace<T> workspace;
    private readonly Action<int, int> packGroup;
    private readonly Action<int, int> multiplyTask;
    private Blocking blocking;
    private bool transposeA, transposeB, addsToC, readsB;
    private int m, n, k;
    private T* a, b, c, strips;

    /// <summary>The part in work: its first column and its columns, its first depth and its depth, its strips.</summary>
    private int firstColumn, columns, firstDepth, depth, stripCount;

    /// <summary>How it is shared out: tiles of a task downwards, strips of a task along, tasks along.</summary>
    private int taskTiles, taskStrips, tasksAlong;

    public BlockedMultiplier(ProductWorkspace<T> workspace)
    {
        this.workspace = workspace;
        packGroup = PackGroup;
        multiplyTask = MultiplyTask;
    }

    public override void Multiply(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, Workers workers)
    {
        (this.m, this.n, this.k, this.transposeA, this.transposeB) = (m, n, k, transposeA, transposeB);
        this.a = a;
        this.b = b;
        this.c = c;
        blocking = new Blocking(m, n, k, TLanes.Count, TLanes.HasManyRegisters, sizeof(T));
        readsB = !transposeB && m <= 2 * blocking.TileRows;
        for (firstColumn = 0; firstColumn < n; firstColumn += columns)
        {
            columns = Math.Min(blocking.Columns, n - firstColumn);
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
        if ((long)columns * depth > PackedByOne)
            workers.For(groups, packGroup);
        else
            for (int group = 0; group < groups; group++) PackGroup(group, 0);
    }

    private void PackGroup(int group, int worker)
    {
        int strip = group * GroupStrips, endStrip = Math.Min(stripCount, strip + GroupStrips);
        int whole = transposeB ? 0 : Math.Min(endStrip - strip, (n - ColumnOf(strip)) / blocking.StripColumns);
        if (whole > 0 && !readsB)
            Packing<TLanes, TVector, T>.PackStrips(SourceB(strip), n, whole, blocking.StripColumns, depth, Packed(strip));
        for (strip += whole; strip < endStrip; strip++) PackStrip(strip);
    }

    /// <summary>Packs a strip that is narrower than the others, or transposed.</summary>
    private void PackStrip(int strip)
    {
        int breadth = Math.Min(blocking.StripColumns, n - ColumnOf(strip)), filled = Blocking.DivideUp(breadth, TLanes.Count) * TLanes.Count;
        if (transposeB)
            Packing<TLanes, TVector, T>.PackTransposedStrip(SourceB(strip), k, breadth, filled, depth, Packed(strip));
        else if (!readsB || filled != breadth)
            Packing<TLanes, TVector, T>.PackRaggedStrip(
                SourceB(strip), n, breadth, filled, depth, readable: (nint)(b + (nint)k * n - SourceB(strip)), Packed(strip));
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
        T* end = workspace.End(worker, blocking.TileRows * TLanes.Count);
        for (int strip = firstStrip; strip < endStrip; strip++) MultiplyStrip(strip, firstRow, endRow, block, end);
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
        int column = ColumnOf(strip), breadth = Math.Min(blocking.StripColumns, n - column);
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

    private static void CopyEnds(T* source, nint sourceStride, T* target, nint targetStride, int rows, int count)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < count; i++) target[row * targetStride + i] = source[row * sourceStride + i];
        }
    }
}
