namespace Hypergrad.Arithmetic;

/// <summary>
/// Weights and first moments as 64-bit integers with 52 fractional bits, range ±2048, and second moments as 128-bit integers with 96, range
/// 0 to 2³¹, so that sums undo each other exactly.
/// </summary>
internal static class FixedPoint
{
    /// <summary>How many of a weight's 64 bits are behind the point.</summary>
    public const int FractionBits = 52;

    /// <summary>One, as a fixed-point number: 2⁵².</summary>
    public const double One = 1L << FractionBits;

    /// <summary>What a magnitude must stay below to fit, 2⁶³ as a count of 2⁻⁵².</summary>
    public const double Limit = 9223372036854775808.0;

    /// <summary>The largest representable magnitude, as a weight: 2048.</summary>
    public const double Range = Limit / One;

    /// <summary>How many of a second moment's 128 bits are behind the point; 32 of them are in its upper word.</summary>
    public const int SecondMomentFractionBits = 96;

    /// <summary>What a second moment must stay below: 2³¹.</summary>
    public const double SecondMomentRange = 2147483648.0;

    private const double TwoTo32 = 4294967296.0, TwoTo64 = 18446744073709551616.0, TwoTo96 = TwoTo32 * TwoTo64;

    /// <summary>The nearest fixed-point number.</summary>
    /// <exception cref="OverflowException">The value is not finite or leaves ±2048.</exception>
    public static long FromDouble(double value)
    {
        double scaled = Math.Round(value * One);
        if (!(Math.Abs(scaled) < Limit))
            throw new OverflowException($"{value} does not fit a fixed-point number of range ±{Range}.");
        return (long)scaled;
    }

    /// <summary>The value of a fixed-point number: rounded once to 53 bits, then scaled exactly.</summary>
    public static double ToDouble(long value) => value * (1.0 / One);

    /// <summary>x·2⁵² cut to an integer.</summary>
    /// <exception cref="OverflowException">The value is not finite or leaves ±2048.</exception>
    public static long Truncate(double value)
    {
        double scaled = value * One;
        return Math.Abs(scaled) < Limit
            ? (long)scaled
            : throw new OverflowException($"{value} does not fit a fixed-point number of range ±{Range}.");
    }

    /// <summary>The second moment nearest to a value.</summary>
    /// <exception cref="OverflowException">The value is not finite, negative, or 2³¹ or more.</exception>
    public static Int128 SecondMomentFromDouble(double value)
    {
        if (!(value is >= 0 and < SecondMomentRange))
            throw new OverflowException($"{value} does not fit a second moment of range 0 to 2³¹.");
        return (Int128)Math.Round(value * TwoTo96);
    }

    /// <summary>The value of a second moment: its two words each rounded once, then their sum.</summary>
    public static double SecondMomentToDouble(Int128 value) =>
        (long)(value >> 64) * (1 / TwoTo32) + (ulong)(value & ulong.MaxValue) * (1 / TwoTo96);
}
