using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Conversions of 64-bit integers eight at a time. Without AVX-512 there are no such conversions; the integers then go
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
    public static Vector512<double> ToDoubleUnsigned(Vector512<long> x) => Vector512.IsHardwareAccelerated
        ? Vector512.ConvertToDouble(x)
        : (x | Vector512.Create(TwoTo52).AsInt64()).AsDouble() - Vector512.Create(TwoTo52);

    /// <summary>The integer of a whole double 0 ≤ x &lt; 2⁵².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToInteger(Vector512<double> x) => Vector512.IsHardwareAccelerated
        ? Vector512.ConvertToInt64Native(x)
        : (x + Vector512.Create(TwoTo52)).AsInt64() ^ Vector512.Create(TwoTo52).AsInt64();

    /// <summary>Ones where a magnitude is 2⁶³ or more, or no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> OutOfRange(Vector512<double> value) =>
        ~Vector512.LessThan(Vector512.Abs(value), Vector512.Create(Arithmetic.FixedPoint.Limit)).AsInt64();

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
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Int64(words);
        var (lower, upper) = Vector128.Widen(words);
        return WidenWords(Vector256.Create(lower, upper));
    }

    /// <summary>Words of 32 bits as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> WidenWords(Vector256<uint> words)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Int64(words);
        var (lower, upper) = Vector256.Widen(words);
        return Vector512.Create(lower, upper).AsInt64();
    }

    /// <summary>The low 32 bits of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> NarrowToInt(Vector512<long> words) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256UInt32(words)
        : Vector256.Narrow(words.GetLower().AsUInt64(), words.GetUpper().AsUInt64());

    /// <summary>The low 16 bits of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> NarrowToShort(Vector512<long> words)
    {
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector128UInt16(words);
        var half = NarrowToInt(words);
        return Vector128.Narrow(half.GetLower(), half.GetUpper());
    }

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

    /// <summary>The integer of a whole double, |x| &lt; 2⁵¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> SmallToInteger(Vector512<double> x) => Vector512.IsHardwareAccelerated
        ? Vector512.ConvertToInt64Native(x)
        : (x + Vector512.Create(OneAndHalfTwoTo52)).AsInt64() - Vector512.Create(OneAndHalfTwoTo52).AsInt64();

    /// <summary>The double of an integer, |x| &lt; 2⁵¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SmallToDouble(Vector512<long> x) => Vector512.IsHardwareAccelerated
        ? Vector512.ConvertToDouble(x)
        : (x + Vector512.Create(OneAndHalfTwoTo52).AsInt64()).AsDouble() - Vector512.Create(OneAndHalfTwoTo52);
}
