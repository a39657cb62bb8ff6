namespace Hypergrad.Trajectories;

/// <summary>
/// Where to take the next snapshot so that a chain is reversed with the fewest steps done again (Griewank, Walther, <i>Algorithm 799:
/// Revolve</i>, 2000). With s snapshots and every step run at most r times, chains of up to β(s, r) = C(s + r, s) steps can be reversed.
/// </summary>
internal static class BinomialSchedule
{
    /// <summary>How many steps after a snapshot the next one is best taken.</summary>
    /// <param name="length">Steps from the snapshot to the end of the chain, at least 2.</param>
    /// <param name="snapshots">Snapshots for this chain, the one at its start included, at least 2.</param>
    public static int NextSnapshot(int length, int snapshots)
    {
        int repetitions = 1;
        while (Capacity(snapshots, repetitions) < length)
            repetitions++;
        // Any split with β(s, r−2) ≤ m ≤ β(s, r−1) and β(s−1, r−1) ≤ length − m ≤ β(s−1, r) is optimal.
        long split = Math.Max(Capacity(snapshots, repetitions - 2), length - Capacity(snapshots - 1, repetitions));
        return (int)Math.Clamp(split, 1, length - 1);
    }

    private static long Capacity(int snapshots, int repetitions)
    {
        if (repetitions < 0)
            return 0;
        long product = 1;
        for (int i = 1; i <= repetitions && product <= int.MaxValue; i++)
            product = product * (snapshots + i) / i;
        return product;
    }
}
