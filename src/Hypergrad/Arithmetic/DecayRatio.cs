namespace Hypergrad.Arithmetic;

/// <summary>
/// A decay as the ratio n/d that the exact arithmetic multiplies by. Wherever the decay is meant, in its complement and in the adjoint too,
/// this ratio is.
/// </summary>
/// <param name="Numerator">n, from 0 (everything forgotten) to d (no decay).</param>
/// <param name="Denominator">d, from 1 to <see cref="LargestDenominator"/>.</param>
internal readonly record struct DecayRatio(int Numerator, int Denominator)
{
    /// <summary>The denominator of momenta and of Adam's β₁, 2¹⁶.</summary>
    public const int MomentumDenominator = 65536;

    /// <summary>The largest denominator of decays that come close to 1, 2²²: a larger one costs more precision than it gives.</summary>
    public const int LargestDenominator = 1 << 22;

    /// <summary>The ratio itself.</summary>
    public double Value => Numerator / (double)Denominator;

    /// <summary>1 − n/d, rounded once.</summary>
    public double Complement => (Denominator - Numerator) / (double)Denominator;

    /// <summary>The bits of a number that one multiplication by the ratio throws away on average, log2(d/n).</summary>
    public double Entropy => Numerator == 0 ? double.PositiveInfinity : -Math.Log2(Value);

    /// <summary>Rounds a momentum to the nearest n/65536; a positive momentum never rounds to 0.</summary>
    /// <param name="momentum">γ, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">γ is not a number from 0 to 1.</exception>
    public static DecayRatio FromMomentum(double momentum)
    {
        RequireUnit(momentum);
        int numerator = momentum == 0 ? 0 : Math.Max(1, (int)Math.Round(momentum * MomentumDenominator));
        return new(numerator, MomentumDenominator);
    }

    /// <summary>
    /// The best rational approximation with a denominator of at most <see cref="LargestDenominator"/>, by continued fractions; a positive
    /// decay never becomes 0.
    /// </summary>
    /// <param name="decay">A number from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static DecayRatio Nearest(double decay)
    {
        RequireUnit(decay);
        if (decay == 0)
            return new(0, 1);
        // Convergents p/q of the continued fraction; the last step is shortened to the longest that keeps q within the bound.
        long p0 = 0, q0 = 1, p1 = 1, q1 = 0;
        for (double rest = decay; ;)
        {
            double whole = Math.Floor(rest);
            long most = q1 == 0 ? long.MaxValue : (LargestDenominator - q0) / q1;
            if (whole > most)
                return Better(decay, new((int)Math.Max(1, p0 + most * p1), (int)(q0 + most * q1)), new((int)p1, (int)q1));
            long step = (long)whole;
            (p0, q0, p1, q1) = (p1, q1, p0 + step * p1, q0 + step * q1);
            double fraction = rest - whole;
            if (fraction == 0 || p1 / (double)q1 == decay)
                return new((int)p1, (int)q1);
            rest = 1 / fraction;
        }
    }

    private static DecayRatio Better(double value, DecayRatio a, DecayRatio b) =>
        b.Numerator == 0 || Math.Abs(a.Value - value) < Math.Abs(b.Value - value) ? a : b;

    private static void RequireUnit(double decay)
    {
        if (!(decay is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "A decay lies between 0 and 1.");
    }
}
