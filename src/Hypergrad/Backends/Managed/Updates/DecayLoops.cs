using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>The decay of eight numbers.</summary>
internal interface IDecayFormula
{
    /// <summary>Whether the numbers have two words, as second moments do.</summary>
    static abstract bool HasTwoWords { get; }

    /// <summary>Decays them.</summary>
    /// <param name="upper">The numbers, or their upper words.</param>
    /// <param name="lower">Their lower words, if they have two.</param>
    /// <param name="store">The information stores before.</param>
    /// <param name="d">What the numbers are divided by.</param>
    /// <param name="aboveInverseD">The doubles above 1 over that.</param>
    /// <param name="n">What they are multiplied by.</param>
    /// <param name="aboveInverseN">The doubles above 1 over that.</param>
    /// <returns>The information stores afterwards.</returns>
    static abstract Vector512<long> Decay(
        ref Vector512<long> upper, ref Vector512<long> lower, Vector512<long> store,
        Vector512<double> d, Vector512<double> aboveInverseD, Vector512<double> n, Vector512<double> aboveInverseN);
}

/// <summary>
/// <see cref="Arithmetic.InformationStore.Decay"/> eight numbers at a time: V div and mod the divisor, the remainder pushed onto the store,
/// a digit of the factor popped from it. Undoing a decay is the same with divisor and factor exchanged.
/// </summary>
internal static unsafe class DecayLoops
{
    /// <summary>Decays all numbers of a tile.</summary>
    /// <param name="upper">The numbers, or the upper words of second moments, [count].</param>
    /// <param name="lower">The lower words of second moments, [count].</param>
    /// <param name="from">The information stores before, [count].</param>
    /// <param name="to">Gets them afterwards, [count]; may be <paramref name="from"/>.</param>
    /// <param name="ratios">The ratios from the first number on.</param>
    /// <param name="count">How many numbers.</param>
    public static void Run<TFormula, TFrom, TTo>(long* upper, long* lower, TFrom* from, TTo* to, DecayCursors ratios, int count)
        where TFormula : struct, IDecayFormula where TFrom : unmanaged where TTo : unmanaged
    {
        if (ratios.IsUniform)
            Run<TFormula, TFrom, TTo, UniformSpread>(upper, lower, from, to, ref ratios, count);
        else
            Run<TFormula, TFrom, TTo, PeriodicSpread>(upper, lower, from, to, ref ratios, count);
    }

    private static void Run<TFormula, TFrom, TTo, TSpread>(
        long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
        where TFormula : struct, IDecayFormula where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
    {
        int rest = count % Eight.Width, whole = count - rest;
        Loop<TFormula, TFrom, TTo, TSpread>(upper, lower, from, to, ref ratios, whole);
        if (rest == 0)
            return;
        // The numbers that are left go through the same loop on the stack.
        var high = Elementwise.Load(upper + whole, rest);
        var low = TFormula.HasTwoWords ? Elementwise.Load(lower + whole, rest) : default;
        var (before, after) = (Elementwise.Load(from + whole, rest), default(Vector512<TTo>));
        Loop<TFormula, TFrom, TTo, TSpread>((long*)&high, (long*)&low, (TFrom*)&before, (TTo*)&after, ref ratios, Eight.Width);
        Elementwise.Store(high, upper + whole, rest);
        if (TFormula.HasTwoWords)
            Elementwise.Store(low, lower + whole, rest);
        Elementwise.Store(after, to + whole, rest);
    }

    // A multiple of eight numbers; the ratios are left behind the last.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TFormula, TFrom, TTo, TSpread>(
        long* upper, long* lower, TFrom* from, TTo* to, ref DecayCursors ratios, int count)
        where TFormula : struct, IDecayFormula where TFrom : unmanaged where TTo : unmanaged where TSpread : struct, ICoefficientSpread
    {
        var at = ratios;
        var (d, aboveInverseD, n, aboveInverseN) = at.Current;
        for (int i = 0; i < count; i += Eight.Width)
        {
            var high = Vector512.Load(upper + i);
            var low = TFormula.HasTwoWords ? Vector512.Load(lower + i) : default;
            var store = TFormula.Decay(ref high, ref low, Eight.LoadWords(from + i), d, aboveInverseD, n, aboveInverseN);
            high.Store(upper + i);
            if (TFormula.HasTwoWords)
                low.Store(lower + i);
            Eight.StoreWords(store, to + i);
            if (!TSpread.IsUniform)
                (d, aboveInverseD, n, aboveInverseN) = at.Next();
        }
        ratios = at;
    }

    /// <summary>Numbers of one word by any ratio.</summary>
    public readonly struct Numbers : IDecayFormula
    {
        public static bool HasTwoWords => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<long> Decay(
            ref Vector512<long> upper, ref Vector512<long> lower, Vector512<long> store,
            Vector512<double> d, Vector512<double> aboveInverseD, Vector512<double> n, Vector512<double> aboveInverseN)
        {
            var (quotient, remainder) = FixedPointDivision.DivideAny(upper, d, aboveInverseD);
            (store, var digit) = Exchange(store, remainder, d, n, aboveInverseN);
            upper = quotient * FixedPointVectors.ToInteger(n) + digit;
            return store;
        }
    }

    /// <summary>Numbers of one word by n/2¹⁶: divisions by 2¹⁶ are shifts.</summary>
    public readonly struct Momenta : IDecayFormula
    {
        public static bool HasTwoWords => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<long> Decay(
            ref Vector512<long> upper, ref Vector512<long> lower, Vector512<long> store,
            Vector512<double> d, Vector512<double> aboveInverseD, Vector512<double> n, Vector512<double> aboveInverseN)
        {
            var pushed = Vector512.ShiftLeft(store, 16) | upper & Vector512.Create(0xFFFFL);
            var (left, digit) = FixedPointDivision.Divide(FixedPointVectors.ToDoubleUnsigned(pushed), n, aboveInverseN);
            upper = Vector512.ShiftRightArithmetic(upper, 16) * FixedPointVectors.ToInteger(n) + FixedPointVectors.ToInteger(digit);
            return FixedPointVectors.ToInteger(left);
        }
    }

    /// <summary>Undoes <see cref="Momenta"/>.</summary>
    public readonly struct UndoMomenta : IDecayFormula
    {
        public static bool HasTwoWords => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<long> Decay(
            ref Vector512<long> upper, ref Vector512<long> lower, Vector512<long> store,
            Vector512<double> d, Vector512<double> aboveInverseD, Vector512<double> n, Vector512<double> aboveInverseN)
        {
            var (quotient, remainder) = FixedPointDivision.DivideWide(upper, d, aboveInverseD);
            var pushed = FixedPointVectors.ToInteger(Vector512.FusedMultiplyAdd(FixedPointVectors.ToDoubleUnsigned(store), d, remainder));
            upper = Vector512.ShiftLeft(quotient, 16) | pushed & Vector512.Create(0xFFFFL);
            return Vector512.ShiftRightLogical(pushed, 16);
        }
    }

    /// <summary>Numbers of two words, never negative, by any ratio.</summary>
    public readonly struct SecondMoments : IDecayFormula
    {
        public static bool HasTwoWords => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<long> Decay(
            ref Vector512<long> upper, ref Vector512<long> lower, Vector512<long> store,
            Vector512<double> d, Vector512<double> aboveInverseD, Vector512<double> n, Vector512<double> aboveInverseN)
        {
            // Five limbs of 26 bits, from the top.
            var top = FixedPointVectors.ToDoubleUnsigned(Vector512.ShiftRightLogical(upper, 40));
            var third = Vector512.ShiftRightLogical(upper, 14);
            var joint = Vector512.ShiftRightLogical(lower, 52) | Vector512.ShiftLeft(upper, 12);
            var first = Vector512.ShiftRightLogical(lower, 26);
            var (q4, r) = FixedPointDivision.Divide(top, d, aboveInverseD);
            (var q3, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(third), d, aboveInverseD);
            (var q2, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(joint), d, aboveInverseD);
            (var q1, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(first), d, aboveInverseD);
            (var q0, r) = FixedPointDivision.DivideNext(r, FixedPointDivision.Limb(lower), d, aboveInverseD);
            (store, var digit) = Exchange(store, r, d, n, aboveInverseN);

            // The quotient times the factor plus the digit, limb by limb, each product below 2⁴⁸.
            var mask = Vector512.Create(FixedPointDivision.LimbMask);
            var t0 = FixedPointVectors.ToInteger(q0 * n) + digit;
            var t1 = FixedPointVectors.ToInteger(q1 * n) + Vector512.ShiftRightLogical(t0, 26);
            var t2 = FixedPointVectors.ToInteger(q2 * n) + Vector512.ShiftRightLogical(t1, 26);
            var t3 = FixedPointVectors.ToInteger(q3 * n) + Vector512.ShiftRightLogical(t2, 26);
            var t4 = FixedPointVectors.ToInteger(q4 * n) + Vector512.ShiftRightLogical(t3, 26);
            t2 &= mask;
            lower = t0 & mask | Vector512.ShiftLeft(t1 & mask, 26) | Vector512.ShiftLeft(t2, 52);
            upper = Vector512.ShiftRightLogical(t2, 12) | Vector512.ShiftLeft(t3 & mask, 14) | Vector512.ShiftLeft(t4, 40);
            return store;
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
