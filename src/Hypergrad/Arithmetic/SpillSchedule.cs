namespace Hypergrad.Arithmetic;

/// <summary>
/// When each group's digit stores spill a byte. The largest value M that any store of a group can hold follows from the momenta alone,
/// M ← (M·65536 + 65535) div n, and a byte is spilled whenever M would no longer fit 16 bits; so the schedule, and the memory it takes,
/// is known before training starts and is the same on every backend.
/// </summary>
public sealed class SpillSchedule
{
    private readonly byte[] spills;
    private readonly int[] before;
    private readonly int[] totals;

    /// <summary>Works the schedule out.</summary>
    /// <param name="momentum">[steps × groups], the ratio of each step and group, numerators from 1.</param>
    /// <param name="groups">How many groups a step has.</param>
    public SpillSchedule(ReadOnlySpan<DecayRatio> momentum, int groups)
    {
        Groups = groups;
        Steps = momentum.Length / groups;
        spills = new byte[momentum.Length];
        before = new int[momentum.Length];
        totals = new int[groups];
        for (int group = 0; group < groups; group++)
        {
            ulong largest = 0;
            int total = 0;
            for (int step = 0; step < Steps; step++)
            {
                int entry = step * groups + group;
                before[entry] = total;
                for (largest = (largest * 65536 + 65535) / (ulong)momentum[entry].Numerator; largest > 65535; largest /= 256)
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

    /// <summary>Bytes that every weight of a group spills in a step: 0, 1 or 2.</summary>
    public int BytesAt(int step, int group) => spills[step * Groups + group];

    /// <summary>Bytes that every weight of a group has spilled before a step.</summary>
    public int BytesBefore(int step, int group) => before[step * Groups + group];

    /// <summary>Bytes that every weight of a group spills over the whole run.</summary>
    public int TotalBytes(int group) => totals[group];
}
