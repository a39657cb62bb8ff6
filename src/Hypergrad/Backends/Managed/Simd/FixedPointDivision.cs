using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Divisions of 64-bit integers by n ≤ 2²², eight at a time: by hand, limb by limb, each limb in doubles. Quotients are floored.
/// </summary>
internal static class FixedPointDivision
{
    /// <summary>26 ones.</summary>
    public const long LimbMask = (1L << 26) - 1;

    private const double TwoTo11 = 2048.0, TwoTo26 = 67108864.0, TwoTo31 = 2147483648.0, TwoTo32 = 4294967296.0;
    private const double OneAndHalfTwoTo52 = 6755399441055744.0;

    /// <summary>The double just above 1/n.</summary>
    public static double AboveInverse(int n) => Math.BitIncrement(1.0 / n);

    /// <summary>
    /// ⌊x / n⌋ and x mod n for whole 0 ≤ x &lt; 2⁴⁹ and 1 ≤ n ≤ 2²², by multiplication with the double just above 1/n: the product of a
    /// multiple of n never falls below its quotient, and that of the number before it stays 1/n − x·2⁻⁵¹ &gt; 0 below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) Divide(
        Vector512<double> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var quotient = FloorOfProduct(x, aboveInverse);
        return (quotient, Avx512F.IsSupported
            ? Avx512F.FusedMultiplyAddNegated(quotient, n, x)
            : Vector512.FusedMultiplyAdd(-quotient, n, x));
    }

    /// <summary>⌊x / n⌋ and x mod n for any x and n ≤ 2¹⁶: the upper 32 bits, then their remainder with the lower 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideWide(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var upper = FixedPointVectors.SmallToDouble(Vector512.ShiftRightArithmetic(x, 32));
        var (upperQuotient, upperRemainder) = DivideSigned(upper, TwoTo31, n, aboveInverse);
        var lower = FixedPointVectors.ToDoubleUnsigned(x & Vector512.Create(0xFFFFFFFFL));
        var (lowerQuotient, remainder) = Divide(
            Vector512.FusedMultiplyAdd(upperRemainder, Vector512.Create(TwoTo32), lower), n, aboveInverse);
        var quotient = Vector512.ShiftLeft(FixedPointVectors.SmallToInteger(upperQuotient), 32)
            + FixedPointVectors.ToInteger(lowerQuotient);
        return (quotient, remainder);
    }

    /// <summary>The low 26 bits of an integer, as a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Limb(Vector512<long> x) => FixedPointVectors.ToDoubleUnsigned(x & Vector512.Create(LimbMask));

    /// <summary>One step of a division by hand: ⌊(r·2²⁶ + limb) / n⌋, below 2²⁶, and the new remainder, r being one of n ≤ 2²².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Quotient, Vector512<double> Remainder) DivideNext(
        Vector512<double> remainder, Vector512<double> limb, Vector512<double> n, Vector512<double> aboveInverse) =>
        Divide(Vector512.FusedMultiplyAdd(remainder, Vector512.Create(TwoTo26), limb), n, aboveInverse);

    /// <summary>⌊x / n⌋ and x mod n for 0 ≤ x &lt; 2⁵⁴ and n ≤ 2²², in two limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideUnsigned(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (upper, rest) = Divide(FixedPointVectors.ToDoubleUnsigned(Vector512.ShiftRightLogical(x, 26)), n, aboveInverse);
        var (lower, remainder) = DivideNext(rest, Limb(x), n, aboveInverse);
        return (Vector512.ShiftLeft(FixedPointVectors.ToInteger(upper), 26) + FixedPointVectors.ToInteger(lower), remainder);
    }

    /// <summary>⌊x / n⌋ and x mod n for any x and n ≤ 2²², in three limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<long> Quotient, Vector512<double> Remainder) DivideAny(
        Vector512<long> x, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (top, rest) = DivideSigned(FixedPointVectors.SmallToDouble(Vector512.ShiftRightArithmetic(x, 52)), TwoTo11, n, aboveInverse);
        (var middle, rest) = DivideNext(rest, Limb(Vector512.ShiftRightLogical(x, 26)), n, aboveInverse);
        (var lower, rest) = DivideNext(rest, Limb(x), n, aboveInverse);
        var quotient = Vector512.ShiftLeft(FixedPointVectors.SmallToInteger(top), 52)
            + Vector512.ShiftLeft(FixedPointVectors.ToInteger(middle), 26) + FixedPointVectors.ToInteger(lower);
        return (quotient, rest);
    }

    // The same as Divide for −bound ≤ x < bound and 2·bound·n < 2⁴⁹, by way of x + bound·n ≥ 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Quotient, Vector512<double> Remainder) DivideSigned(
        Vector512<double> x, double bound, Vector512<double> n, Vector512<double> aboveInverse)
    {
        var (quotient, remainder) = Divide(Vector512.FusedMultiplyAdd(Vector512.Create(bound), n, x), n, aboveInverse);
        return (quotient - Vector512.Create(bound), remainder);
    }

    // ⌊x·y⌋ below 2⁵¹: rounded downwards beside 1.5·2⁵² a double is whole.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FloorOfProduct(Vector512<double> x, Vector512<double> y)
    {
        if (!Avx512F.IsSupported)
            return Vector512.Floor(x * y);
        var whole = Vector512.Create(OneAndHalfTwoTo52);
        return Avx512F.FusedMultiplyAdd(x, y, whole, FloatRoundingMode.ToNegativeInfinity) - whole;
    }
}
