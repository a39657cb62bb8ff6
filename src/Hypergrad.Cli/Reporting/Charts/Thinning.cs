namespace Hypergrad.Cli.Reporting.Charts;

/// <summary>Leaves out points of a long curve that could not be seen: the drawing keeps every peak, every trough and every gap.</summary>
internal static class Thinning
{
    /// <summary>More points than a chart has pixels across.</summary>
    private const int MostPoints = 2000;

    /// <summary>The indices to draw, ascending.</summary>
    public static int[] Keep(IReadOnlyList<double> values)
    {
        if (values.Count <= MostPoints) return [.. Enumerable.Range(0, values.Count)];
        int size = (2 * values.Count + MostPoints - 1) / MostPoints;
        var kept = new SortedSet<int> { 0, values.Count - 1 };
        for (int start = 0; start < values.Count; start += size)
        {
            int lowest = -1, highest = -1;
            for (int i = start; i < Math.Min(start + size, values.Count); i++)
            {
                if (!double.IsFinite(values[i]))
                {
                    kept.Add(i);
                    continue;
                }
                if (lowest < 0 || values[i] < values[lowest]) lowest = i;
                if (highest < 0 || values[i] > values[highest]) highest = i;
            }
            if (lowest < 0) continue;
            kept.Add(lowest);
            kept.Add(highest);
        }
        return [.. kept];
    }
}
