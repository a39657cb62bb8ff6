using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>x ← x + trunc(c·g·2⁵²), or for second moments s ← s + round(c·g²·2⁹⁶).</summary>
internal sealed unsafe class ExactKick<T>(Coefficient coefficient, ExactNumbers numbers, ManagedVector<T> gradient) : ExactUpdate
    where T : unmanaged, System.Numerics.INumberBase<T>
{
    private const string BadGradient = "a gradient is not finite or too large for the fixed-point range";

    private readonly CoefficientRing<double> ring = new(coefficient.Grouping);
    private readonly double[] scratch = new double[coefficient.Grouping.Count];

    public override void Prepare(int step)
    {
        double scale = numbers.Slot.IsSecondMoment ? 1 : FixedPoint.One;
        for (int group = 0; group < scratch.Length; group++)
            scratch[group] = coefficient.Row(step)[group] * scale;
        ring.Fill(scratch);
    }

    public override string? Advance(int step, int replica, in WeightTile tile)
    {
        T* g = gradient.Replica(replica) + tile.Start;
        long* upper = numbers.Upper.Replica(replica) + tile.Start;
        Vector512<long> bad = default, beyond = default;
        if (numbers.Lower is { } lower)
            SecondMoments(ring.At(tile), g, upper, lower.Replica(replica) + tile.Start, tile.Count, ref bad, ref beyond);
        else
            Numbers(ring.At(tile), g, upper, tile.Count, ref bad, ref beyond);
        return Any(bad) ? BadGradient : Any(beyond) ? numbers.OutOfRange : null;
    }

    public override void Undo(int step, int replica, in WeightTile tile)
    {
        T* g = gradient.Replica(replica) + tile.Start;
        long* upper = numbers.Upper.Replica(replica) + tile.Start;
        if (numbers.Lower is { } lower)
            UndoSecondMoments(ring.At(tile), g, upper, lower.Replica(replica) + tile.Start, tile.Count);
        else
            UndoNumbers(ring.At(tile), g, upper, tile.Count);
    }

    public override void Dispose() => ring.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Numbers(
        RingCursor<double> c, T* gradient, long* value, int count, ref Vector512<long> bad, ref Vector512<long> beyond)
    {
        Vector512<long> faulty = default, outside = default;
        for (int i = 0; i < count; i += 8, c.Advance(8))
        {
            int rest = count - i;
            var kick = c.Current * Eight.LoadWide(gradient + i, rest);
            faulty |= FixedPointVectors.OutOfRange(kick);
            var change = FixedPointVectors.Truncate(kick);
            var v = Eight.Load(value + i, rest);
            var kicked = v + change;
            outside |= (v ^ kicked) & (change ^ kicked);
            Eight.Store(kicked, value + i, rest);
        }
        (bad, beyond) = (faulty, outside);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UndoNumbers(RingCursor<double> c, T* gradient, long* value, int count)
    {
        for (int i = 0; i < count; i += 8, c.Advance(8))
        {
            int rest = count - i;
            var change = FixedPointVectors.Truncate(c.Current * Eight.LoadWide(gradient + i, rest));
            Eight.Store(Eight.Load(value + i, rest) - change, value + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SecondMoments(
        RingCursor<double> c, T* gradient, long* upper, long* lower, int count, ref Vector512<long> bad, ref Vector512<long> beyond)
    {
        Vector512<long> faulty = default, outside = default;
        for (int i = 0; i < count; i += 8, c.Advance(8))
        {
            int rest = count - i;
            var g = Eight.LoadWide(gradient + i, rest);
            var kick = c.Current * (g * g);
            faulty |= ~Vector512.LessThan(kick, Vector512.Create(FixedPoint.SecondMomentRange)).AsInt64();
            var (high, low) = FixedPointVectors.SecondMomentFromDouble(kick);
            var sum = Eight.Load(lower + i, rest) + low;
            // A sum of unsigned words that came out smaller than a part of it has carried.
            var carry = Vector512.LessThan(sum.AsUInt64(), low.AsUInt64()).AsInt64();
            high = Eight.Load(upper + i, rest) + high - carry;
            outside |= high;
            Eight.Store(sum, lower + i, rest);
            Eight.Store(high, upper + i, rest);
        }
        (bad, beyond) = (faulty, outside);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UndoSecondMoments(RingCursor<double> c, T* gradient, long* upper, long* lower, int count)
    {
        for (int i = 0; i < count; i += 8, c.Advance(8))
        {
            int rest = count - i;
            var g = Eight.LoadWide(gradient + i, rest);
            var (high, low) = FixedPointVectors.SecondMomentFromDouble(c.Current * (g * g));
            var before = Eight.Load(lower + i, rest);
            var borrow = Vector512.LessThan(before.AsUInt64(), low.AsUInt64()).AsInt64();
            Eight.Store(before - low, lower + i, rest);
            Eight.Store(Eight.Load(upper + i, rest) - high + borrow, upper + i, rest);
        }
    }
}
