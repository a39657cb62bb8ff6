using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Drifts eight weights at a time: X ← X ± trunc(a·ψ·2⁵²). They tell whether a weight left its range.</summary>
internal static unsafe class DriftLoops
{
    /// <summary>Along a slot, ψ = v.</summary>
    /// <param name="position">X, [count].</param>
    /// <param name="slot">v, [count].</param>
    /// <param name="a">The coefficients.</param>
    /// <param name="count">How many weights.</param>
    /// <param name="undo">Takes away instead of adding.</param>
    public static bool AlongSlot(long* position, long* slot, RingCursor<double> a, int count, bool undo)
    {
        int rest = count % Eight.Width, whole = count - rest;
        RangeWatch range = default;
        if (a.IsUniform)
            AlongSlot<UniformSpread>(position, slot, ref a, whole, undo, ref range);
        else
            AlongSlot<PeriodicSpread>(position, slot, ref a, whole, undo, ref range);
        if (rest > 0)
        {
            // The weights that are left go through the same loop on the stack.
            var (x, v) = (Elementwise.Load(position + whole, rest), Elementwise.Load(slot + whole, rest));
            AlongSlot<UniformSpread>((long*)&x, (long*)&v, ref a, Eight.Width, undo, ref range);
            Elementwise.Store(x, position + whole, rest);
        }
        return range.Any;
    }

    /// <summary>Along Adam's direction, ψ = m/b₁ / (√(s/b₂) + ε).</summary>
    /// <param name="position">X, [count].</param>
    /// <param name="first">m, [count].</param>
    /// <param name="upper">The upper words of s, [count].</param>
    /// <param name="lower">The lower words of s, [count].</param>
    /// <param name="at">The coefficients.</param>
    /// <param name="count">How many weights.</param>
    /// <param name="undo">Takes away instead of adding.</param>
    public static bool AlongAdam(long* position, long* first, long* upper, long* lower, AdamCursors at, int count, bool undo)
    {
        int rest = count % Eight.Width, whole = count - rest;
        RangeWatch range = default;
        if (at.AreUniform)
            AlongAdam<UniformSpread>(position, first, upper, lower, ref at, whole, undo, ref range);
        else
            AlongAdam<PeriodicSpread>(position, first, upper, lower, ref at, whole, undo, ref range);
        if (rest > 0)
        {
            var (x, m) = (Elementwise.Load(position + whole, rest), Elementwise.Load(first + whole, rest));
            var (high, low) = (Elementwise.Load(upper + whole, rest), Elementwise.Load(lower + whole, rest));
            AlongAdam<UniformSpread>((long*)&x, (long*)&m, (long*)&high, (long*)&low, ref at, Eight.Width, undo, ref range);
            Elementwise.Store(x, position + whole, rest);
        }
        return range.Any;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AlongSlot<TSpread>(
        long* position, long* slot, ref RingCursor<double> a, int count, bool undo, ref RangeWatch range)
        where TSpread : struct, ICoefficientSpread
    {
        var (at, watch) = (a, range);
        var factor = at.Current;
        for (int i = 0; i < count; i += Eight.Width)
        {
            Move(factor * FixedPointVectors.ToDouble(Vector512.Load(slot + i)), position + i, undo, ref watch);
            if (!TSpread.IsUniform)
                factor = at.Next();
        }
        (a, range) = (at, watch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AlongAdam<TSpread>(
        long* position, long* first, long* upper, long* lower, ref AdamCursors cursors, int count, bool undo, ref RangeWatch range)
        where TSpread : struct, ICoefficientSpread
    {
        var (at, watch) = (cursors, range);
        var (a, b1, b2, epsilon) = (at.Factor.Current, at.FirstCorrection.Current, at.SecondCorrection.Current, at.Epsilon.Current);
        for (int i = 0; i < count; i += Eight.Width)
        {
            var m = FixedPointVectors.ToDouble(Vector512.Load(first + i)) * Vector512.Create(1 / FixedPoint.One);
            var s = FixedPointVectors.SecondMomentToDouble(Vector512.Load(upper + i), Vector512.Load(lower + i));
            var direction = m / b1 / (Vector512.Sqrt(s / b2) + epsilon);
            Move(a * direction * Vector512.Create(FixedPoint.One), position + i, undo, ref watch);
            if (TSpread.IsUniform)
                continue;
            at.Advance();
            (a, b1, b2, epsilon) = (at.Factor.Current, at.FirstCorrection.Current, at.SecondCorrection.Current, at.Epsilon.Current);
        }
        (cursors, range) = (at, watch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(Vector512<double> drift, long* position, bool undo, ref RangeWatch range)
    {
        var change = range.Truncate(drift);
        var x = Vector512.Load(position);
        (undo ? x - change : range.Add(x, change)).Store(position);
    }
}
