using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>A loop of decays over whole vectors.</summary>
internal unsafe interface IDecayLoop
{
    /// <summary>Decays eight numbers at a time.</summary>
    /// <param name="upper">The numbers, or the upper words of second moments, [count].</param>
    /// <param name="lower">The lower words of second moments, [count].</param>
    /// <param name="from">The information stores before, [count].</param>
    /// <param name="to">Gets them afterwards, [count]; may be <paramref name="from"/>.</param>
    /// <param name="ratios">The ratios from the first number on; left behind the last.</param>
    /// <param name="count">How many numbers: a multiple of 8.</param>
    static abstract void Run<TFrom, TTo, TSpread>(long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
        where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread;
}

/// <summary>
/// <see cref="Arithmetic.InformationStore.Decay"/> eight numbers at a time: V div and mod the divisor, the remainder pushed onto the store,
/// a digit of the factor popped from it. Undoing a decay is the same with divisor and factor exchanged.
/// </summary>
internal static unsafe class DecayLoops
{
    /// <summary>Runs a loop over all numbers of a tile; see <see cref="IDecayLoop.Run"/>.</summary>
    public static void Run<TLoop, TFrom, TTo>(long* upper, long* lower, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TLoop : struct, IDecayLoop where TFrom : unmanaged where TTo : unmanaged
    {
        if (ratios.IsUniform)
            Run<TLoop, TFrom, TTo, UniformSpread>(upper, lower, from, to, ref ratios, count);
        else
            Run<TLoop, TFrom, TTo, PeriodicSpread>(upper, lower, from, to, ref ratios, count);
    }

    private static void Run<TLoop, TFrom, TTo, TSpread>(
        long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
        where TLoop : struct, IDecayLoop where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
    {
        int rest = count % Eight.Width, whole = count - rest;
        TLoop.Run<TFrom, TTo, TSpread>(upper, lower, from, to, ref ratios, whole);
        if (rest == 0)
            return;
        // The numbers that are left go through the same loop on the stack.
        var high = Elementwise.Load(upper + whole, rest);
        var low = lower == null ? default : Elementwise.Load(lower + whole, rest);
        var (before, after) = (Elementwise.Load(from + whole, rest), default(Vector512<TTo>));
        TLoop.Run<TFrom, TTo, TSpread>((long*)&high, (long*)&low, (TFrom*)&before, (TTo*)&after, ref ratios, Eight.Width);
        Elementwise.Store(high, upper + whole, rest);
        if (lower != null)
            Elementwise.Store(low, lower + whole, rest);
        Elementwise.Store(after, to + whole, rest);
    }

    /// <summary>Numbers of one word by any ratio.</summary>
    public readonly struct Numbers : IDecayLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TFrom, TTo, TSpread>(long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
            where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
        {
            var at = ratios;
            var (d, aboveInverseD, n, aboveInverseN) = at.Current;
            for (int i = 0; i < count; i += Eight.Width)
            {
                var (quotient, remainder) = FixedPointDivision.DivideAny(Vector512.Load(upper + i), d, aboveInverseD);
                var (store, digit) = Exchange(Eight.LoadWords(from + i), remainder, d, n, aboveInverseN);
                (quotient * FixedPointVectors.ToInteger(n) + digit).Store(upper + i);
                Eight.StoreWords(store, to + i);
                if (!TSpread.IsUniform)
                    (d, aboveInverseD, n, aboveInverseN) = at.Next();
            }
            ratios = at;
        }
    }

    /// <summary>Numbers of one word by n/2¹⁶: divisions by 2¹⁶ are shifts.</summary>
    public readonly struct Momenta : IDecayLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TFrom, TTo, TSpread>(long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
            where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
        {
            var at = ratios;
            var (_, _, n, aboveInverse) = at.Current;
            var factor = FixedPointVectors.ToInteger(n);
            for (int i = 0; i < count; i += Eight.Width)
            {
                var v = Vector512.Load(upper + i);
                var pushed = Vector512.ShiftLeft(Eight.LoadWords(from + i), 16) | v & Vector512.Create(0xFFFFL);
                var (store, digit) = FixedPointDivision.Divide(FixedPointVectors.ToDoubleUnsigned(pushed), n, aboveInverse);
                (Vector512.ShiftRightArithmetic(v, 16) * factor + FixedPointVectors.ToInteger(digit)).Store(upper + i);
                Eight.StoreWords(FixedPointVectors.ToInteger(store), to + i);
                if (!TSpread.IsUniform)
                {
                    (_, _, n, aboveInverse) = at.Next();
                    factor = FixedPointVectors.ToInteger(n);
                }
            }
            ratios = at;
        }
    }

    /// <summary>Undoes <see cref="Momenta"/>.</summary>
    public readonly struct UndoMomenta : IDecayLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TFrom, TTo, TSpread>(long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
            where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
        {
            var at = ratios;
            var (n, aboveInverse, _, _) = at.Current;
            for (int i = 0; i < count; i += Eight.Width)
            {
                var (quotient, remainder) = FixedPointDivision.DivideWide(Vector512.Load(upper + i), n, aboveInverse);
                var store = FixedPointVectors.ToDoubleUnsigned(Eight.LoadWords(from + i));
                var pushed = FixedPointVectors.ToInteger(Vector512.FusedMultiplyAdd(store, n, remainder));
                (Vector512.ShiftLeft(quotient, 16) | pushed & Vector512.Create(0xFFFFL)).Store(upper + i);
                Eight.StoreWords(Vector512.ShiftRightLogical(pushed, 16), to + i);
                if (!TSpread.IsUniform)
                    (n, aboveInverse, _, _) = at.Next();
            }
            ratios = at;
        }
    }

    /// <summary>Numbers of two words, never negative, by any ratio.</summary>
    public readonly struct SecondMoments : IDecayLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TFrom, TTo, TSpread>(long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
            where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
        {
            var at = ratios;
            var (d, inverse, n, aboveInverseN) = at.Current;
            var mask = Vector512.Create(FixedPointDivision.LimbMask);
            for (int i = 0; i < count; i += Eight.Width)
            {
                Vector512<long> high = Vector512.Load(upper + i), low = Vector512.Load(lower + i);

                // Five limbs of 26 bits, from the top.
                var top = FixedPointVectors.ToDoubleUnsigned(Vector512.ShiftRightLogical(high, 40));
                var (q4, r) = FixedPointDivision.Divide(top, d, inverse);
                (var q3, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(Vector512.ShiftRightLogical(high, 14)), d, inverse);
                var joint = Vector512.ShiftRightLogical(low, 52) | Vector512.ShiftLeft(high, 12);
                (var q2, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(joint), d, inverse);
                (var q1, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(Vector512.ShiftRightLogical(low, 26)), d, inverse);
                (var q0, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(low), d, inverse);
                var (store, digit) = Exchange(Eight.LoadWords(from + i), r, d, n, aboveInverseN);

                // The quotient times the factor plus the digit, limb by limb, each product below 2⁴⁸.
                var t0 = FixedPointVectors.ToInteger(q0 * n) + digit;
                var t1 = FixedPointVectors.ToInteger(q1 * n) + Vector512.ShiftRightLogical(t0, 26);
                var t2 = FixedPointVectors.ToInteger(q2 * n) + Vector512.ShiftRightLogical(t1, 26);
                var t3 = FixedPointVectors.ToInteger(q3 * n) + Vector512.ShiftRightLogical(t2, 26);
                var t4 = FixedPointVectors.ToInteger(q4 * n) + Vector512.ShiftRightLogical(t3, 26);
                t2 &= mask;
                (t0 & mask | Vector512.ShiftLeft(t1 & mask, 26) | Vector512.ShiftLeft(t2, 52)).Store(lower + i);
                (Vector512.ShiftRightLogical(t2, 12) | Vector512.ShiftLeft(t3 & mask, 14) | Vector512.ShiftLeft(t4, 40)).Store(upper + i);
                Eight.StoreWords(store, to + i);
                if (!TSpread.IsUniform)
                    (d, inverse, n, aboveInverseN) = at.Next();
            }
            ratios = at;
        }
    }

    // s ← s·d + remainder; its digit of the factor comes out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<long> Store, Vector512<long> Digit) Exchange(
        Vector512<long> store, Vector512<double> remainder, Vector512<double> divisor, Vector512<double> factor,
        Vector512<double> aboveInverseFactor)
    {
        var pushed = store * FixedPointVectors.ToInteger(divisor) + FixedPointVectors.ToInteger(remainder);
        var (left, digit) = FixedPointDivision.DivideUnsigned(pushed, factor, aboveInverseFactor);
        return (left, FixedPointVectors.ToInteger(digit));
    }
}
