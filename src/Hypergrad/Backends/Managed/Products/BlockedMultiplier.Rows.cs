namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// Parts of the depth one after the other: the team packs B, and then shares out the rows, and the strips too where rows are few.
/// </summary>
internal sealed unsafe partial class BlockedMultiplier<TLanes, TVector, T>
{
    /// <summary>Numbers of B below which packing is not worth waking the team for.</summary>
    private const int PackedByOne = 4 << 10;

    /// <summary>The least depth worth a worker's while.</summary>
    private const int PartDepth = 32;

    private T* strips;
    private Part part;

    /// <summary>Pieces of the depth packed apart, so that one strip too is packed by the whole team.</summary>
    private int pieces;

    /// <summary>Strips of a task, and tasks along.</summary>
    private int taskStrips, tasksAlong;

    private void ShareOutRows(Workers workers)
    {
        for (int first = 0; first < k; first += part.Depth)
        {
            part = PartFrom(first, k);
            PackStrips(workers);
            MultiplyTasks(workers);
        }
    }

    private void PackStrips(Workers workers)
    {
        strips = workspace.Strips((nint)stripCount * blocking.StripColumns * part.Depth);
        int groups = Blocking.DivideUp(stripCount, blocking.GroupStrips);
        bool alone = (long)wide * part.Depth <= PackedByOne;
        pieces = alone ? 1 : Math.Clamp(Blocking.DivideUp(workers.Threads, groups), 1, Blocking.DivideUp(part.Depth, PartDepth));
        if (alone)
            for (int group = 0; group < groups; group++) PackGroup(group, 0);
        else
            workers.For(groups * pieces, packGroup);
    }

    private void PackGroup(int item, int worker)
    {
        int strip = item / pieces * blocking.GroupStrips, endStrip = Math.Min(stripCount, strip + blocking.GroupStrips);
        int depth = Blocking.DivideUp(part.Depth, pieces), before = Math.Min(part.Depth, item % pieces * depth);
        Pack(strip, endStrip, new(part.First + before, Math.Min(depth, part.Depth - before)), Packed(strip), part.Depth, before);
    }

    private T* Packed(int strip) => strips + (nint)strip * blocking.StripColumns * part.Depth;

    private void MultiplyTasks(Workers workers)
    {
        int tiles = Blocking.DivideUp(m, blocking.TileRows), sharers = Math.Min(workers.Threads, tiles);
        int down = Blocking.DivideUp(Blocking.DivideUp(m, blocking.Rows), sharers) * sharers;
        taskRows = Blocking.DivideUp(tiles, down) * blocking.TileRows;
        int tasksDown = Blocking.DivideUp(m, taskRows);
        int along = Math.Min(Blocking.DivideUp(workers.Threads, tasksDown), stripCount);
        taskStrips = Blocking.DivideUp(stripCount, along);
        tasksAlong = Blocking.DivideUp(stripCount, taskStrips);
        workers.For(tasksDown * tasksAlong, multiplyRows);
    }

    private void MultiplyRows(int task, int worker)
    {
        int firstRow = task / tasksAlong * taskRows, endRow = Math.Min(m, firstRow + taskRows);
        int firstStrip = task % tasksAlong * taskStrips, endStrip = Math.Min(stripCount, firstStrip + taskStrips);
        T* end = EndOf(worker);
        for (int strip = firstStrip; strip < endStrip; strip++)
            MultiplyStrip(strip, part, Packed(strip), firstRow, endRow, rows: default, end);
        if (narrow > 0 && firstStrip == 0 && part.First == 0)
            MultiplyNarrowRows(firstRow, endRow, worker);
    }
}
