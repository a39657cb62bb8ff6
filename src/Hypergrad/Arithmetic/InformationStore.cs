namespace Hypergrad.Arithmetic;

/// <summary>
/// What the decays of one number have thrown away, as one integer s: a decay pushes the remainder of its division by d and pops the digit
/// that its multiplication by n has room for (Maclaurin, Duvenaud, Adams 2015, Algorithm 3).
/// </summary>
internal static class InformationStore
{
    /// <summary>Bits of a store between steps: 16 where every d is 65536, else 32.</summary>
    public static int WordBits(ReadOnlySpan<DecayRatio> ratios)
    {
        foreach (var ratio in ratios)
            if (ratio.Denominator != DecayRatio.MomentumDenominator)
                return 32;
        return 16;
    }

    /// <summary>V ← (n/d)·V: s ← s·d + V mod d, V ← V div d; then V ← V·n + s mod n, s ← s div n. Divisions floor.</summary>
    /// <param name="value">V.</param>
    /// <param name="store">s, up to 64 bits before its spill.</param>
    /// <param name="ratio">n/d.</param>
    public static void Decay(ref Int128 value, ref ulong store, DecayRatio ratio)
    {
        ulong n = (ulong)ratio.Numerator, d = (ulong)ratio.Denominator;
        var (quotient, remainder) = FloorDivide(value, d);
        ulong pushed = store * d + remainder;
        value = quotient * n + pushed % n;
        store = pushed / n;
    }

    /// <summary>Undoes <see cref="Decay"/>.</summary>
    public static void UndoDecay(ref Int128 value, ref ulong store, DecayRatio ratio)
    {
        ulong n = (ulong)ratio.Numerator, d = (ulong)ratio.Denominator;
        var (quotient, remainder) = FloorDivide(value, n);
        ulong pushed = store * n + remainder;
        value = quotient * d + pushed % d;
        store = pushed / d;
    }

    /// <summary>The low byte of a store, which goes to a byte plane; the store moves down.</summary>
    public static byte Spill(ref ulong store)
    {
        byte low = (byte)store;
        store >>= 8;
        return low;
    }

    /// <summary>Undoes <see cref="Spill"/>.</summary>
    public static void Unspill(ref ulong store, byte low) => store = store << 8 | low;

    private static (Int128 Quotient, ulong Remainder) FloorDivide(Int128 value, ulong divisor)
    {
        var (quotient, remainder) = Int128.DivRem(value, divisor);
        return remainder < 0 ? (quotient - 1, (ulong)(remainder + divisor)) : (quotient, (ulong)remainder);
    }
}
