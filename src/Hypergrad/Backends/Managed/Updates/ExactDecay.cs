using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hypergrad.Arithmetic;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>x ← (n/d)·x, the digits dropped going to the information store and from there, when it is full, to the byte planes.</summary>
internal abstract unsafe class ExactDecay : ExactUpdate
{
    /// <summary>The byte planes of each replica.</summary>
    public abstract BytePlanes Planes(int replica);

    /// <summary>The stores of one replica as 32-bit words.</summary>
    public abstract void CopyStores(int replica, Span<uint> destination);

    /// <summary>The hash of the stores of a tile.</summary>
    public abstract ulong Hash(int replica, in WeightTile tile);

    /// <summary>Whether the stores of a tile are all 0.</summary>
    public abstract bool IsZero(int replica, in WeightTile tile);

    /// <summary>Sets the stores of a tile to 0.</summary>
    public abstract void Clear(int replica, in WeightTile tile);

    /// <summary>Bytes of a store between steps.</summary>
    public abstract int WordBytes { get; }

    /// <summary>The decay of a slot, or null if it never decays anything.</summary>
    public static ExactDecay? Of(Decay decay, ExactNumbers numbers, int replicas, int count)
    {
        var coefficient = decay.Coefficient;
        if (Array.TrueForAll(coefficient.Ratios!, ratio => ratio.Numerator == ratio.Denominator))
            return null;
        var schedule = new SpillSchedule(coefficient.Ratios, coefficient.Grouping.Count);
        return schedule.WordBits == 16
            ? new ExactDecay<ushort>(coefficient, numbers, schedule, replicas, count)
            : new ExactDecay<uint>(coefficient, numbers, schedule, replicas, count);
    }
}

/// <summary>The same with stores of one width.</summary>
internal sealed unsafe class ExactDecay<TWord> : ExactDecay where TWord : unmanaged, INumberBase<TWord>
{
    private readonly Coefficient coefficient;
    private readonly ExactNumbers numbers;
    private readonly ManagedVector<TWord> stores;
    private readonly BytePlanes[] planes;
    private readonly CoefficientRing<double> numerator, denominator, aboveInverseNumerator, aboveInverseDenominator;
    private readonly double[] scratch;
    private readonly int count;

    public ExactDecay(Coefficient coefficient, ExactNumbers numbers, SpillSchedule schedule, int replicas, int count)
    {
        (this.coefficient, this.numbers, this.count) = (coefficient, numbers, count);
        stores = new(replicas, count);
        planes = new BytePlanes[replicas];
        for (int replica = 0; replica < replicas; replica++)
            planes[replica] = new(coefficient.Grouping, schedule);
        (numerator, denominator) = (new(coefficient.Grouping), new(coefficient.Grouping));
        (aboveInverseNumerator, aboveInverseDenominator) = (new(coefficient.Grouping), new(coefficient.Grouping));
        scratch = new double[coefficient.Grouping.Count];
    }

    public override int WordBytes => sizeof(TWord);

    public override BytePlanes Planes(int replica) => planes[replica];

    public override void Prepare(int step)
    {
        Fill(numerator, step, ratio => ratio.Numerator);
        Fill(denominator, step, ratio => ratio.Denominator);
        Fill(aboveInverseNumerator, step, ratio => Simd.FixedPointDivision.AboveInverse(ratio.Numerator));
        Fill(aboveInverseDenominator, step, ratio => Simd.FixedPointDivision.AboveInverse(ratio.Denominator));
    }

    [SkipLocalsInit]
    public override string? Advance(int step, int replica, in WeightTile tile)
    {
        ulong* wide = stackalloc ulong[WeightTile.Largest];
        TWord* words = stores.Replica(replica) + tile.Start;
        bool spills = planes[replica].SpillsAt(step, tile);
        var ratios = new DecayCursors(
            denominator.At(tile), aboveInverseDenominator.At(tile), numerator.At(tile), aboveInverseNumerator.At(tile));
        if (!spills)
            Run(replica, tile, ratios, words, words);
        else
        {
            Run(replica, tile, ratios, words, wide);
            planes[replica].Spill(step, tile, wide, words);
        }
        return null;
    }

    [SkipLocalsInit]
    public override void Undo(int step, int replica, in WeightTile tile)
    {
        ulong* wide = stackalloc ulong[WeightTile.Largest];
        TWord* words = stores.Replica(replica) + tile.Start;
        // Undoing a decay of n/d is the same work as a decay of d/n.
        var ratios = new DecayCursors(
            numerator.At(tile), aboveInverseNumerator.At(tile), denominator.At(tile), aboveInverseDenominator.At(tile));
        if (!planes[replica].SpillsAt(step, tile))
            Run(replica, tile, ratios, words, words, undo: true);
        else
        {
            planes[replica].Unspill(step, tile, words, wide);
            Run(replica, tile, ratios, wide, words, undo: true);
        }
    }

    public override void CopyStores(int replica, Span<uint> destination)
    {
        for (int i = 0; i < count; i++)
            destination[i] = sizeof(TWord) == 2 ? ((ushort*)stores.Replica(replica))[i] : ((uint*)stores.Replica(replica))[i];
    }

    public override ulong Hash(int replica, in WeightTile tile) =>
        Simd.HashVectors.Of(stores.Replica(replica) + tile.Start, tile.Count, tile.Start);

    public override bool IsZero(int replica, in WeightTile tile) =>
        !MemoryMarshal.AsBytes(stores.Of(replica, tile)).ContainsAnyExcept<byte>(0);

    public override void Clear(int replica, in WeightTile tile) => stores.Of(replica, tile).Clear();

    public override void Dispose()
    {
        stores.Dispose();
        foreach (var plane in planes)
            plane.Dispose();
        foreach (var ring in new[] { numerator, denominator, aboveInverseNumerator, aboveInverseDenominator })
            ring.Dispose();
    }

    private void Run<TFrom, TTo>(int replica, in WeightTile tile, DecayCursors ratios, TFrom* from, TTo* to, bool undo = false)
        where TFrom : unmanaged where TTo : unmanaged
    {
        long* upper = numbers.Upper.Replica(replica) + tile.Start, none = null;
        if (numbers.Lower is { } lower)
            DecayLoops.Run<DecayLoops.SecondMoments, TFrom, TTo>(
                upper, lower.Replica(replica) + tile.Start, from, to, ratios, tile.Count);
        else if (sizeof(TWord) == 4)
            DecayLoops.Run<DecayLoops.Numbers, TFrom, TTo>(upper, none, from, to, ratios, tile.Count);
        else if (undo)
            DecayLoops.Run<DecayLoops.UndoMomenta, TFrom, TTo>(upper, none, from, to, ratios, tile.Count);
        else
            DecayLoops.Run<DecayLoops.Momenta, TFrom, TTo>(upper, none, from, to, ratios, tile.Count);
    }

    private void Fill(CoefficientRing<double> ring, int step, Func<DecayRatio, double> value)
    {
        for (int group = 0; group < scratch.Length; group++)
            scratch[group] = value(coefficient.Ratios![step * scratch.Length + group]);
        ring.Fill(scratch);
    }
}
