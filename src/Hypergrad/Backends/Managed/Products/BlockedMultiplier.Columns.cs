namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// Panels of A one after the other: the team packs one, and then shares out groups of columns. Whoever takes a group packs its part of B,
/// which stays with that worker until all rows of the panel have met it, through all of the panel's depth without waiting for the others.
/// </summary>
internal sealed unsafe partial class BlockedMultiplier<TLanes, TVector, T>
{
    /// <summary>Tiles of rows packed together.</summary>
    private const int PackedTiles = 4;

    private T* panel;

    /// <summary>The panel's first row and rows, its first depth and its depth.</summary>
    private int panelRow, panelRows, panelFirst, panelDepth;

    /// <summary>Strips of a group, groups, and parts into which the panel's rows are cut where groups are fewer than workers.</summary>
    private int groupStrips, groups, rowParts;

    private void ShareOutColumns(Workers workers)
    {
        groups = Blocking.DivideUp(Blocking.DivideUp(stripCount, blocking.GroupStrips), workers.Threads) * workers.Threads;
        groupStrips = Blocking.DivideUp(stripCount, groups);
        groups = Blocking.DivideUp(stripCount, groupStrips);
        for (panelRow = 0; panelRow < m; panelRow += panelRows)
        {
            panelRows = Math.Min(blocking.PanelRows, m - panelRow);
            int tiles = Blocking.DivideUp(panelRows, blocking.TileRows);
            taskRows = Blocking.DivideUp(tiles, Math.Min(tiles, Blocking.DivideUp(workers.Threads, groups))) * blocking.TileRows;
            rowParts = Blocking.DivideUp(panelRows, taskRows);
            for (panelFirst = 0; panelFirst < k; panelFirst += panelDepth)
            {
                panelDepth = Math.Min(blocking.PanelDepth, k - panelFirst);
                panel = workspace.Panel((nint)panelRows * panelDepth);
                workers.For(Blocking.DivideUp(tiles, PackedTiles), packRows);
                workers.For(rowParts * groups, multiplyColumns);
            }
        }
    }

    private void PackRows(int item, int worker)
    {
        int size = PackedTiles * blocking.TileRows, row = item * size;
        Packing<TLanes, TVector, T>.PackRows(
            SourceA(panelRow + row, panelFirst), transposeA ? m : k, transposeA, Math.Min(size, panelRows - row), blocking.TileRows,
            panelDepth, panel + (nint)row * panelDepth);
    }

    private void MultiplyColumns(int task, int worker)
    {
        int firstStrip = task % groups * groupStrips, endStrip = Math.Min(stripCount, firstStrip + groupStrips);
        int firstRow = task / groups * taskRows, endRow = Math.Min(panelRows, firstRow + taskRows), endDepth = panelFirst + panelDepth;
        T* packed = workspace.Group(worker, (nint)groupStrips * blocking.StripColumns * blocking.Depth), end = EndOf(worker);
        Part now;
        for (int first = panelFirst; first < endDepth; first += now.Depth)
        {
            now = PartFrom(first, endDepth);
            Pack(firstStrip, endStrip, now, packed, now.Depth, before: 0);
            for (int row = firstRow, rows; row < endRow; row += rows)
            {
                rows = Math.Min(blocking.Rows, endRow - row);
                for (int strip = firstStrip; strip < endStrip; strip++)
                    MultiplyStrip(
                        strip, now, packed + (nint)(strip - firstStrip) * blocking.StripColumns * now.Depth,
                        panelRow + row, panelRow + row + rows,
                        new(panel + (nint)row * panelDepth, panelDepth, first - panelFirst), end);
            }
        }
        if (narrow > 0 && firstStrip == 0 && panelFirst == 0)
            MultiplyNarrowRows(panelRow + firstRow, panelRow + endRow, worker);
    }
}
