namespace Hypergrad.Arithmetic;

/// <summary>
/// When each group's information stores spill a byte. The largest value M that any store of a group can hold follows from the ratios alone,
/// M ← (M·d + d − 1) div n, and a byte is spilled whenever M would no longer fit the store's word; so the schedule, and the memory it
/// takes, is known before training starts and is the same on every backend.
/// </summary>
internal sealed class SpillSchedule
{
    private readonly byte[] spills;
    private readonly int[] before;
    private readonly int[] totals;

    /// <summary>Works the schedule out.</summary>
    /// <param name="ratios">[steps × groups], the ratio of each step and group, numerators from 1.</param>
    /// <param name="groups">How many groups a step has.</param>
    public SpillSchedule(ReadOnlySpan<DecayRatio> ratios, int groups)
    {
        Groups = groups;
        Steps = ratios.Length / groups;
        WordBits = InformationStore.WordBits(ratios);
        ulong limit = (1UL << WordBits) - 1;
        spills = new byte[ratios.Length];
        before = new int[ratios.Length];
        totals = new int[groups];
        for (int group = 0; group < groups; group++)
        {
            ulong largest = 0;
            int total = 0;
            for (int step = 0; step < Steps; step++)
            {
                int entry = step * groups + group;
                before[entry] = total;
                ulong n = (ulong)ratios[entry].Numerator, d = (ulong)ratios[entry].Denominator;
                for (largest = (largest * d + d - 1) / n; largest > limit; largest /= 256)
                    spills[entry]++;
                total = checked(total + spills[entry]);
            }
            totals[group] = total;
        }
    }

    /// <summary>How many steps the schedule covers.</summary>
    public int Steps { get; }

    /// <summary>How many groups of weights spill together.</summary>
    public int Groups { get; }

    /// <summary>Bits of a store between steps, 16 or 32.</summary>
    public int WordBits { get; }

    /// <summary>Bytes that every weight of a group spills in a step: 0 to 3.</summary>
    public int BytesAt(int step, int group) => spills[step * Groups + group];

    /// <summary>Bytes that every weight of a group has spilled before a step.</summary>
    public int BytesBefore(int step, int group) => before[step * Groups + group];

    /// <summary>Bytes that every weight of a group spills over the whole run.</summary>
    public int TotalBytes(int group) => totals[group];
}
