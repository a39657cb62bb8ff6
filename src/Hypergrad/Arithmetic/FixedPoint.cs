namespace Hypergrad.Arithmetic;

/// <summary>
/// Positions and velocities as 64-bit integers with 52 fractional bits, so that sums undo each other exactly. Range ±2048.
/// </summary>
public static class FixedPoint
{
    /// <summary>How many of the 64 bits are behind the point.</summary>
    public const int FractionBits = 52;

    /// <summary>One, as a fixed-point number: 2⁵².</summary>
    public const double One = 1L << FractionBits;

    /// <summary>What a magnitude must stay below to fit, 2⁶³ as a count of 2⁻⁵².</summary>
    public const double Limit = 9223372036854775808.0;

    /// <summary>The largest representable magnitude, as a weight: 2048.</summary>
    public const double Range = Limit / One;

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
}
