using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Conversions and divisions of 64-bit integers eight at a time. Without AVX-512 there are no such conversions; the integers then go
/// through the mantissa of a double: x + 2⁵² has the integer x in its low bits.
/// </summary>
internal static unsafe class FixedPointVectors
{
    private const double TwoTo26 = 67108864.0, TwoTo32 = 4294967296.0, TwoTo52 = 4503599627370496.0, OneAndHalfTwoTo52 = 6755399441055744.0;

    /// <summary>26 ones.</summary>
    public const long LimbMask = (1L << 26) - 1;

    /// <summary>trunc x, for |x| &lt; 2⁶³.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Truncate(Vector512<double> x)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.ConvertToInt64Native(x);
        var whole = Vector512.Truncate(x);
        var upper = Vector512.Floor(whole * Vector512.Create(1 / TwoTo32));
        var lower = whole - upper * Vector512.Create(TwoTo32);
        return Vector512.ShiftLeft(SmallToInteger(upper), 32) + ToInteger(lower);
    }

    /// <summary>The nearest double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDouble(Vector512<long> x)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.ConvertToDouble(x);
        // Both halves are exact; their sum is rounded once.
        return SmallToDouble(Vector512.ShiftRightArithmetic(x, 32)) * Vector512.Create(TwoTo32)
            + ToDoubleUnsigned(x & Vector512.Create(0xFFFFFFFFL));
    }

    /// <summary>The double of an integer 0 ≤ x &lt; 2⁵².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDoubleUnsigned(Vector512<long> x) =>
        (x | Vector512.Create(TwoTo52).AsInt64()).AsDouble() - Vector512.Create(TwoTo52);

    /// <summary>The integer of a whole double 0 ≤ x &lt; 2⁵².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToInteger(Vector512<double> x) =>
        (x + Vector512.Create(TwoTo52)).AsInt64() ^ Vector512.Create(TwoTo52).AsInt64();

    /// <summary>
    /// ⌊x / n⌋ and x mod n for whole 0 ≤ x &lt; 2⁴⁹ and 1 ≤ n ≤ 2²², by multiplication with the double just above 1/n: the product of a
    /// multiple of n never falls below its quotient, and that of the number before it stays 1/n − x·2⁻⁵¹ &gt; 0 below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) Divide(
        Vector512<double> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var quotient = Vector512.Floor(x * aboveInverse);
        return (quotient, x - quotient * n);
    }

    /// <summary>The same for −2⁴⁹ &lt; x &lt; 2⁴⁹, the quotient floored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) DivideSigned(
        Vector512<double> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (quotient, remainder) = Divide(x, n, aboveInverse);
        // Below 0 the inverse errs the other way: a multiple's quotient may come out one too small.
        var overshoot = Vector512.GreaterThanOrEqual(remainder, n);
        return (quotient + (overshoot.AsDouble() & Vector512<double>.One), remainder - (overshoot.AsDouble() & n));
    }

    /// <summary>⌊x / n⌋ and x mod n for any x and n ≤ 2¹⁶: the upper 32 bits, then their remainder with the lower 32, as by hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideWide(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var upper = SmallToDouble(Vector512.ShiftRightArithmetic(x, 32));
        var (upperQuotient, upperRemainder) = DivideSigned(upper, n, aboveInverse);
        var rest = upperRemainder * Vector512.Create(TwoTo32) + ToDoubleUnsigned(x & Vector512.Create(0xFFFFFFFFL));
        var (lowerQuotient, remainder) = Divide(rest, n, aboveInverse);
        return (Vector512.ShiftLeft(SmallToInteger(upperQuotient), 32) + ToInteger(lowerQuotient), remainder);
    }

    /// <summary>The low 26 bits of an integer, as a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Limb(Vector512<long> x) => ToDoubleUnsigned(x & Vector512.Create(LimbMask));

    /// <summary>One step of a division by hand: ⌊(r·2²⁶ + limb) / n⌋, below 2²⁶, and the new remainder, r being one of n ≤ 2²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) DivideNext(
        Vector512<double> remainder, Vector512<double> limb, Vector512<double> n, Vector512<double> aboveInverse) =>
        Divide(remainder * Vector512.Create(TwoTo26) + limb, n, aboveInverse);

    /// <summary>⌊x / n⌋ and x mod n for 0 ≤ x &lt; 2⁵⁴ and n ≤ 2²², in two limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideUnsigned(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (upper, rest) = Divide(ToDoubleUnsigned(Vector512.ShiftRightLogical(x, 26)), n, aboveInverse);
        var (lower, remainder) = DivideNext(rest, Limb(x), n, aboveInverse);
        return (Vector512.ShiftLeft(ToInteger(upper), 26) + ToInteger(lower), remainder);
    }

    /// <summary>⌊x / n⌋ and x mod n for any x and n ≤ 2²², in three limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideAny(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (top, rest) = DivideSigned(SmallToDouble(Vector512.ShiftRightArithmetic(x, 52)), n, aboveInverse);
        (var middle, rest) = DivideNext(rest, Limb(Vector512.ShiftRightLogical(x, 26)), n, aboveInverse);
        (var lower, rest) = DivideNext(rest, Limb(x), n, aboveInverse);
        return (Vector512.ShiftLeft(SmallToInteger(top), 52) + Vector512.ShiftLeft(ToInteger(middle), 26) + ToInteger(lower), rest);
    }

    /// <summary>Ones where a magnitude is 2⁶³ or more, or no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> OutOfRange(Vector512<double> value) =>
        ~Vector512.LessThan(Vector512.Abs(value), Vector512.Create(Arithmetic.FixedPoint.Limit)).AsInt64();

    /// <summary>The double just above 1/n.</summary>
    public static double AboveInverse(int n) => Math.BitIncrement(1.0 / n);

    /// <summary>Eight numbers widened to doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LoadWide<T>(T* source) where T : unmanaged =>
        typeof(T) == typeof(double) ? Vector512.Load((double*)source) : Widen(Vector256.Load((float*)source));

    /// <summary>Eight doubles rounded to nearest and stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow<T>(Vector512<double> value, T* target) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            value.Store((double*)target);
        else
            Narrow(value).Store((float*)target);
    }

    /// <summary>Floats as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Widen(Vector256<float> single)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Double(single);
        var (lower, upper) = Vector256.Widen(single);
        return Vector512.Create(lower, upper);
    }

    /// <summary>Doubles as floats, rounded to nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Narrow(Vector512<double> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Single(value)
        : Vector256.Narrow(value.GetLower(), value.GetUpper());

    /// <summary>Words of 16 bits as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> WidenWords(Vector128<ushort> words)
    {
        var (lower, upper) = Vector128.Widen(words);
        return WidenWords(Vector256.Create(lower, upper));
    }

    /// <summary>Words of 32 bits as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> WidenWords(Vector256<uint> words)
    {
        var (lower, upper) = Vector256.Widen(words);
        return Vector512.Create(lower, upper).AsInt64();
    }

    /// <summary>The low 32 bits of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> NarrowWords(Vector512<long> words) =>
        Vector256.Narrow(words.GetLower().AsUInt64(), words.GetUpper().AsUInt64());

    /// <summary>The value of second moments: their two words each rounded once, then their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SecondMomentToDouble(Vector512<long> upper, Vector512<long> lower)
    {
        // The lower word unsigned: both its halves are exact, and their sum is rounded once.
        var unsigned = ToDoubleUnsigned(Vector512.ShiftRightLogical(lower, 32)) * Vector512.Create(TwoTo32)
            + ToDoubleUnsigned(lower & Vector512.Create(0xFFFFFFFFL));
        return ToDouble(upper) * Vector512.Create(1 / TwoTo32) + unsigned * Vector512.Create(1 / (TwoTo32 * TwoTo32 * TwoTo32));
    }

    /// <summary>The words of c·2⁹⁶ rounded to nearest, for 0 ≤ c &lt; 2³¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Upper, Vector512<long> Lower) SecondMomentFromDouble(Vector512<double> c)
    {
        // From 2⁵² on c·2⁹⁶ is whole; below, adding and taking away 2⁵² rounds it.
        var scaled = c * Vector512.Create(TwoTo32 * TwoTo32 * TwoTo32);
        var rounded = (scaled + Vector512.Create(TwoTo52)) - Vector512.Create(TwoTo52);
        scaled = Vector512.ConditionalSelect(Vector512.LessThan(scaled, Vector512.Create(TwoTo52)), rounded, scaled);
        var upper = Vector512.Floor(scaled * Vector512.Create(1 / (TwoTo32 * TwoTo32)));
        var rest = scaled - upper * Vector512.Create(TwoTo32 * TwoTo32);
        var middle = Vector512.Floor(rest * Vector512.Create(1 / TwoTo32));
        var low = rest - middle * Vector512.Create(TwoTo32);
        return (Truncate(upper), Vector512.ShiftLeft(ToInteger(middle), 32) | ToInteger(low));
    }

    // The integer of a whole double, |x| < 2⁵¹.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> SmallToInteger(Vector512<double> x) =>
        (x + Vector512.Create(OneAndHalfTwoTo52)).AsInt64() - Vector512.Create(OneAndHalfTwoTo52).AsInt64();

    // The double of an integer, |x| < 2⁵¹.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> SmallToDouble(Vector512<long> x) =>
        (x + Vector512.Create(OneAndHalfTwoTo52).AsInt64()).AsDouble() - Vector512.Create(OneAndHalfTwoTo52);
}
