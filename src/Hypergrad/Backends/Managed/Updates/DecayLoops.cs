using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// <see cref="Arithmetic.InformationStore.Decay"/> eight numbers at a time: V div and mod the divisor, the remainder pushed onto the store,
/// a digit of the factor popped from it. Undoing a decay is the same with divisor and factor exchanged.
/// </summary>
internal static unsafe class DecayLoops
{
    /// <summary>Numbers of one word by any ratio.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Numbers<TFrom, TTo>(long* value, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TFrom : unmanaged where TTo : unmanaged
    {
        for (int i = 0; i < count; i += 8, ratios.Advance())
        {
            int rest = count - i;
            Vector512<double> d = ratios.Divisor.Current, n = ratios.Factor.Current;
            var (quotient, remainder) = FixedPointVectors.DivideAny(Eight.Load(value + i, rest), d, ratios.AboveInverseDivisor.Current);
            var (store, digit) = Exchange(Eight.LoadWords(from + i, rest), remainder, d, n, ratios.AboveInverseFactor.Current);
            Eight.Store(quotient * FixedPointVectors.ToInteger(n) + digit, value + i, rest);
            Eight.StoreWords(store, to + i, rest);
        }
    }

    /// <summary>Numbers of one word by n/2¹⁶: divisions by 2¹⁶ are shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Momenta<TFrom, TTo>(long* value, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TFrom : unmanaged where TTo : unmanaged
    {
        for (int i = 0; i < count; i += 8, ratios.Advance())
        {
            int rest = count - i;
            var v = Eight.Load(value + i, rest);
            var n = ratios.Factor.Current;
            var pushed = Vector512.ShiftLeft(Eight.LoadWords(from + i, rest), 16) | v & Vector512.Create(0xFFFFL);
            var (store, digit) = FixedPointVectors.Divide(
                FixedPointVectors.ToDoubleUnsigned(pushed), n, ratios.AboveInverseFactor.Current);
            v = Vector512.ShiftRightArithmetic(v, 16) * FixedPointVectors.ToInteger(n) + FixedPointVectors.ToInteger(digit);
            Eight.Store(v, value + i, rest);
            Eight.StoreWords(FixedPointVectors.ToInteger(store), to + i, rest);
        }
    }

    /// <summary>Undoes <see cref="Momenta"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UndoMomenta<TFrom, TTo>(long* value, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TFrom : unmanaged where TTo : unmanaged
    {
        for (int i = 0; i < count; i += 8, ratios.Advance())
        {
            int rest = count - i;
            var n = ratios.Divisor.Current;
            var (quotient, remainder) = FixedPointVectors.DivideWide(Eight.Load(value + i, rest), n, ratios.AboveInverseDivisor.Current);
            var store = FixedPointVectors.ToDoubleUnsigned(Eight.LoadWords(from + i, rest));
            var pushed = FixedPointVectors.ToInteger(store * n + remainder);
            Eight.Store(Vector512.ShiftLeft(quotient, 16) | pushed & Vector512.Create(0xFFFFL), value + i, rest);
            Eight.StoreWords(Vector512.ShiftRightLogical(pushed, 16), to + i, rest);
        }
    }

    /// <summary>Numbers of two words, never negative, by any ratio.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SecondMoments<TFrom, TTo>(long* upper, long* lower, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TFrom : unmanaged where TTo : unmanaged
    {
        for (int i = 0; i < count; i += 8, ratios.Advance())
        {
            int rest = count - i;
            Vector512<double> d = ratios.Divisor.Current, n = ratios.Factor.Current, inverse = ratios.AboveInverseDivisor.Current;
            Vector512<long> high = Eight.Load(upper + i, rest), low = Eight.Load(lower + i, rest);

            // Five limbs of 26 bits, from the top.
            var (q4, r) = FixedPointVectors.Divide(FixedPointVectors.ToDoubleUnsigned(Vector512.ShiftRightLogical(high, 40)), d, inverse);
            (var q3, r) = FixedPointVectors.DivideNext(r, FixedPointVectors.Limb(Vector512.ShiftRightLogical(high, 14)), d, inverse);
            var joint = Vector512.ShiftRightLogical(low, 52) | Vector512.ShiftLeft(high, 12);
            (var q2, r) = FixedPointVectors.DivideNext(r, FixedPointVectors.Limb(joint), d, inverse);
            (var q1, r) = FixedPointVectors.DivideNext(r, FixedPointVectors.Limb(Vector512.ShiftRightLogical(low, 26)), d, inverse);
            (var q0, r) = FixedPointVectors.DivideNext(r, FixedPointVectors.Limb(low), d, inverse);
            var (store, digit) = Exchange(Eight.LoadWords(from + i, rest), r, d, n, ratios.AboveInverseFactor.Current);

            // The quotient times the factor plus the digit, limb by limb, each product below 2⁴⁸.
            var mask = Vector512.Create(FixedPointVectors.LimbMask);
            var t0 = FixedPointVectors.ToInteger(q0 * n) + digit;
            var t1 = FixedPointVectors.ToInteger(q1 * n) + Vector512.ShiftRightLogical(t0, 26);
            var t2 = FixedPointVectors.ToInteger(q2 * n) + Vector512.ShiftRightLogical(t1, 26);
            var t3 = FixedPointVectors.ToInteger(q3 * n) + Vector512.ShiftRightLogical(t2, 26);
            var t4 = FixedPointVectors.ToInteger(q4 * n) + Vector512.ShiftRightLogical(t3, 26);
            t2 &= mask;
            low = t0 & mask | Vector512.ShiftLeft(t1 & mask, 26) | Vector512.ShiftLeft(t2, 52);
            high = Vector512.ShiftRightLogical(t2, 12) | Vector512.ShiftLeft(t3 & mask, 14) | Vector512.ShiftLeft(t4, 40);
            Eight.Store(high, upper + i, rest);
            Eight.Store(low, lower + i, rest);
            Eight.StoreWords(store, to + i, rest);
        }
    }

    // s ← s·d + remainder; its digit of the factor comes out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<long> Store, Vector512<long> Digit) Exchange(
        Vector512<long> store, Vector512<double> remainder, Vector512<double> divisor, Vector512<double> factor,
        Vector512<double> aboveInverseFactor)
    {
        var pushed = store * FixedPointVectors.ToInteger(divisor) + FixedPointVectors.ToInteger(remainder);
        var (left, digit) = FixedPointVectors.DivideUnsigned(pushed, factor, aboveInverseFactor);
        return (left, FixedPointVectors.ToInteger(digit));
    }
}
