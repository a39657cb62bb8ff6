using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>
/// Conversions and divisions of 64-bit integers eight at a time. Without AVX-512 there are no such conversions; the integers then go
/// through the mantissa of a double: x + 2⁵² has the integer x in its low bits.
/// </summary>
internal static unsafe class FixedPointVectors
{
    private const double TwoTo32 = 4294967296.0, TwoTo52 = 4503599627370496.0, OneAndHalfTwoTo52 = 6755399441055744.0;

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
    /// ⌊x / n⌋ and x mod n for whole 0 ≤ x &lt; 2⁴⁹ and 1 ≤ n ≤ 2¹⁶, by multiplication with the double just above 1/n: the product of a
    /// multiple of n never falls below its quotient, and that of the number before it stays 1/n − x·2⁻⁵¹ &gt; 0 below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) Divide(
        Vector512<double> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var quotient = Vector512.Floor(x * aboveInverse);
        return (quotient, x - quotient * n);
    }

    /// <summary>⌊x / n⌋ and x mod n for any x: the upper 32 bits first, then their remainder with the lower 32, as by hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideWide(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var upper = SmallToDouble(Vector512.ShiftRightArithmetic(x, 32));
        var (upperQuotient, upperRemainder) = Divide(upper, n, aboveInverse);
        // Below 0 the inverse errs the other way: a multiple's quotient may come out one too small.
        var overshoot = Vector512.GreaterThanOrEqual(upperRemainder, n);
        upperQuotient += overshoot.AsDouble() & Vector512<double>.One;
        upperRemainder -= overshoot.AsDouble() & n;
        var rest = upperRemainder * Vector512.Create(TwoTo32) + ToDoubleUnsigned(x & Vector512.Create(0xFFFFFFFFL));
        var (lowerQuotient, remainder) = Divide(rest, n, aboveInverse);
        return (Vector512.ShiftLeft(SmallToInteger(upperQuotient), 32) + ToInteger(lowerQuotient), remainder);
    }

    /// <summary>The double just above 1/n.</summary>
    public static double AboveInverse(int n) => Math.BitIncrement(1.0 / n);

    /// <summary>Eight numbers widened to doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LoadWide<T>(T* source) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return Vector512.Load((double*)source);
        var single = Vector256.Load((float*)source);
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Double(single);
        var (lower, upper) = Vector256.Widen(single);
        return Vector512.Create(lower, upper);
    }

    /// <summary>Eight doubles rounded to nearest and stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow<T>(Vector512<double> value, T* target) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            value.Store((double*)target);
        else if (Avx512F.IsSupported)
            Avx512F.ConvertToVector256Single(value).Store((float*)target);
        else
            Vector256.Narrow(value.GetLower(), value.GetUpper()).Store((float*)target);
    }

    /// <summary>Eight 16-bit digit stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadDigits(ushort* source)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Load(source));
        return WidenDigits(Vector256.Create(lower, upper));
    }

    /// <summary>Eight 32-bit digit stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadDigits(uint* source) => WidenDigits(Vector256.Load(source));

    /// <summary>Stores eight digit stores below 2¹⁶.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreDigits(Vector512<long> digits, ushort* target)
    {
        var narrow = NarrowDigits(digits);
        Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).Store(target);
    }

    /// <summary>Stores eight digit stores below 2³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreDigits(Vector512<long> digits, uint* target) => NarrowDigits(digits).Store(target);

    // The integer of a whole double, |x| < 2⁵¹.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> SmallToInteger(Vector512<double> x) =>
        (x + Vector512.Create(OneAndHalfTwoTo52)).AsInt64() - Vector512.Create(OneAndHalfTwoTo52).AsInt64();

    // The double of an integer, |x| < 2⁵¹.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> SmallToDouble(Vector512<long> x) =>
        (x + Vector512.Create(OneAndHalfTwoTo52).AsInt64()).AsDouble() - Vector512.Create(OneAndHalfTwoTo52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> WidenDigits(Vector256<uint> digits)
    {
        var (lower, upper) = Vector256.Widen(digits);
        return Vector512.Create(lower, upper).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> NarrowDigits(Vector512<long> digits) =>
        Vector256.Narrow(digits.GetLower().AsUInt64(), digits.GetUpper().AsUInt64());
}
