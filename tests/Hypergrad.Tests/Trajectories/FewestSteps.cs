namespace Hypergrad.Tests.Trajectories;

/// <summary>The fewest steps that must be run again to reverse a chain, found by trying every place for every snapshot.</summary>
internal static class FewestSteps
{
    private static readonly Dictionary<(int Length, int Snapshots), long> Known = [];

    /// <summary>For a chain whose start is saved in one of the snapshots.</summary>
    public static long ToReverse(int length, int snapshots)
    {
        if (length == 1)
            return 0;
        if (snapshots == 1)
            return length * (length - 1L) / 2;
        if (!Known.TryGetValue((length, snapshots), out long steps))
            Known[(length, snapshots)] = steps =
                Enumerable.Range(1, length - 1).Min(next => next + ToReverse(length - next, snapshots - 1) + ToReverse(next, snapshots));
        return steps;
    }
}
