using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>What went wrong in a kick.</summary>
/// <param name="OfChange">What was to be added is not finite, or too large.</param>
/// <param name="OfSum">A number left its range.</param>
internal readonly record struct KickFaults(bool OfChange, bool OfSum);

/// <summary>Kicks eight numbers at a time: x ← x ± trunc(c·g), and for second moments s ← s ± round(c·g²·2⁹⁶).</summary>
internal static unsafe class KickLoops
{
    /// <summary>Kicks all numbers of a tile.</summary>
    /// <param name="gradient">g, [count].</param>
    /// <param name="upper">The numbers, or the upper words of second moments, [count].</param>
    /// <param name="lower">The lower words of second moments, [count], or null.</param>
    /// <param name="c">The coefficients.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="undo">Takes away instead of adding; what goes wrong is not told then.</param>
    public static KickFaults Run<T>(T* gradient, long* upper, long* lower, RingCursor<double> c, int count, bool undo)
        where T : unmanaged => (lower != null, undo) switch
        {
            (false, false) => Run<T, Numbers>(gradient, upper, lower, c, count),
            (false, true) => Run<T, UndoNumbers>(gradient, upper, lower, c, count),
            (true, false) => Run<T, SecondMoments>(gradient, upper, lower, c, count),
            (true, true) => Run<T, UndoSecondMoments>(gradient, upper, lower, c, count),
        };

    private static KickFaults Run<T, TKick>(T* gradient, long* upper, long* lower, RingCursor<double> c, int count)
        where T : unmanaged where TKick : struct, IKick => c.IsUniform
        ? Run<T, TKick, UniformSpread>(gradient, upper, lower, c, count)
        : Run<T, TKick, PeriodicSpread>(gradient, upper, lower, c, count);

    private static KickFaults Run<T, TKick, TSpread>(T* gradient, long* upper, long* lower, RingCursor<double> c, int count)
        where T : unmanaged where TKick : struct, IKick where TSpread : struct, ICoefficientSpread
    {
        int rest = count % Eight.Width, whole = count - rest;
        RangeWatch change = default, sum = default;
        Loop<T, TKick, TSpread>(gradient, upper, lower, ref c, whole, ref change, ref sum);
        if (rest > 0)
        {
            // The numbers that are left go through the same loop on the stack.
            var (g, high) = (Elementwise.Load(gradient + whole, rest), Elementwise.Load(upper + whole, rest));
            var low = lower == null ? default : Elementwise.Load(lower + whole, rest);
            Loop<T, TKick, TSpread>((T*)&g, (long*)&high, (long*)&low, ref c, Eight.Width, ref change, ref sum);
            Elementwise.Store(high, upper + whole, rest);
            if (lower != null)
                Elementwise.Store(low, lower + whole, rest);
        }
        return new(change.Any, sum.Any);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<T, TKick, TSpread>(
        T* gradient, long* upper, long* lower, ref RingCursor<double> c, int count, ref RangeWatch change, ref RangeWatch sum)
        where T : unmanaged where TKick : struct, IKick where TSpread : struct, ICoefficientSpread
    {
        var (at, ofChange, ofSum) = (c, change, sum);
        var factor = at.Current;
        for (int i = 0; i < count; i += Eight.Width)
        {
            TKick.Do(factor, FixedPointVectors.LoadWide(gradient + i), upper + i, lower + i, ref ofChange, ref ofSum);
            if (!TSpread.IsUniform)
                factor = at.Next();
        }
        (c, change, sum) = (at, ofChange, ofSum);
    }

    private interface IKick
    {
        static abstract void Do(
            Vector512<double> c, Vector512<double> g, long* upper, long* lower, ref RangeWatch change, ref RangeWatch sum);
    }

    private readonly struct Numbers : IKick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(
            Vector512<double> c, Vector512<double> g, long* upper, long* lower, ref RangeWatch change, ref RangeWatch sum)
        {
            var kick = change.Truncate(c * g);
            sum.Add(Vector512.Load(upper), kick).Store(upper);
        }
    }

    private readonly struct UndoNumbers : IKick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(
            Vector512<double> c, Vector512<double> g, long* upper, long* lower, ref RangeWatch change, ref RangeWatch sum) =>
            (Vector512.Load(upper) - FixedPointVectors.Truncate(c * g)).Store(upper);
    }

    private readonly struct SecondMoments : IKick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(
            Vector512<double> c, Vector512<double> g, long* upper, long* lower, ref RangeWatch change, ref RangeWatch sum)
        {
            var kick = c * (g * g);
            change.Note(~Vector512.LessThan(kick, Vector512.Create(FixedPoint.SecondMomentRange)).AsInt64());
            var (high, low) = FixedPointVectors.SecondMomentFromDouble(kick);
            var words = Vector512.Load(lower) + low;
            // A sum of unsigned words that came out smaller than a part of it has carried.
            var carry = Vector512.LessThan(words.AsUInt64(), low.AsUInt64()).AsInt64();
            high = Vector512.Load(upper) + high - carry;
            sum.Note(high);
            words.Store(lower);
            high.Store(upper);
        }
    }

    private readonly struct UndoSecondMoments : IKick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Do(
            Vector512<double> c, Vector512<double> g, long* upper, long* lower, ref RangeWatch change, ref RangeWatch sum)
        {
            var (high, low) = FixedPointVectors.SecondMomentFromDouble(c * (g * g));
            var before = Vector512.Load(lower);
            var borrow = Vector512.LessThan(before.AsUInt64(), low.AsUInt64()).AsInt64();
            (before - low).Store(lower);
            (Vector512.Load(upper) - high + borrow).Store(upper);
        }
    }
}
