using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// The spilled bytes of one replica: per group of weights, plane after plane, in each plane one byte per weight in the order of the
/// weights. How many planes there will be is known beforehand, so all memory is taken at once.
/// </summary>
internal sealed unsafe class BytePlanes : IDisposable
{
    private readonly WeightGrouping grouping;
    private readonly SpillSchedule schedule;
    private readonly long[] starts;
    private readonly NativeBuffer<byte> bytes;

    public BytePlanes(WeightGrouping grouping, SpillSchedule schedule)
    {
        this.grouping = grouping;
        this.schedule = schedule;
        starts = new long[grouping.Count + 1];
        for (int group = 0; group < grouping.Count; group++)
            starts[group + 1] = starts[group] + (long)schedule.TotalBytes(group) * grouping.SizeOf(group);
        bytes = new(starts[^1]);
    }

    /// <summary>The bytes in all planes.</summary>
    public long Count => starts[^1];

    /// <summary>The planes of one group.</summary>
    public ReadOnlySpan<byte> Of(int group) => new(bytes.Pointer + starts[group], checked((int)(starts[group + 1] - starts[group])));

    /// <summary>Whether any weight of a tile spills at a step.</summary>
    public bool SpillsAt(int step, in WeightTile tile)
    {
        var pattern = grouping.Pattern(tile.Tensor);
        for (int group = pattern.First; group < pattern.First + pattern.Period; group++)
            if (schedule.BytesAt(step, group) > 0)
                return true;
        return false;
    }

    /// <summary>Takes the low bytes that a step spills from the information stores of a tile.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="wide">The stores before the spill, [tile].</param>
    /// <param name="words">Gets the stores after it, [tile].</param>
    public void Spill<TWord>(int step, in WeightTile tile, ulong* wide, TWord* words) where TWord : unmanaged
    {
        var pattern = grouping.Pattern(tile.Tensor);
        for (int run = 0; run < Math.Min(pattern.Period, tile.Count); run++)
        {
            var (stride, count, planes, size, at) = Locate(step, tile, pattern, run);
            for (int i = 0, weight = run; i < count; i++, weight += stride)
            {
                ulong store = wide[weight];
                for (int plane = 0; plane < planes; plane++, store >>= 8)
                    at[plane * size + i] = (byte)store;
                if (sizeof(TWord) == sizeof(ushort))
                    ((ushort*)words)[weight] = (ushort)store;
                else
                    ((uint*)words)[weight] = (uint)store;
            }
        }
    }

    /// <summary>Puts the bytes that a step spilled back into the information stores of a tile.</summary>
    /// <inheritdoc cref="Spill"/>
    public void Unspill<TWord>(int step, in WeightTile tile, TWord* words, ulong* wide) where TWord : unmanaged
    {
        var pattern = grouping.Pattern(tile.Tensor);
        for (int run = 0; run < Math.Min(pattern.Period, tile.Count); run++)
        {
            var (stride, count, planes, size, at) = Locate(step, tile, pattern, run);
            for (int i = 0, weight = run; i < count; i++, weight += stride)
            {
                ulong store = sizeof(TWord) == sizeof(ushort) ? ((ushort*)words)[weight] : ((uint*)words)[weight];
                for (int plane = planes - 1; plane >= 0; plane--)
                    store = store << 8 | at[plane * size + i];
                wide[weight] = store;
            }
        }
    }

    public void Dispose() => bytes.Dispose();

    // The weights run, run + stride, … of the tile are of one group and follow each other in its planes.
    private (int Stride, int Count, int Planes, long Size, Pointer At) Locate(int step, in WeightTile tile, GroupPattern pattern, int run)
    {
        int within = tile.Within + run, group = pattern.GroupOf(within);
        int count = (tile.Count - run + pattern.Period - 1) / pattern.Period;
        long size = grouping.SizeOf(group);
        byte* at = bytes.Pointer + starts[group] + schedule.BytesBefore(step, group) * size
            + pattern.PositionInGroup + within / pattern.Period;
        return (pattern.Period, count, schedule.BytesAt(step, group), size, new(at));
    }

    // A pointer that may stand in a tuple.
    private readonly struct Pointer(byte* at)
    {
        public ref byte this[long index] => ref at[index];
    }
}
