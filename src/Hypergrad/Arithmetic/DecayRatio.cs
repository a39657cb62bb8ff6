namespace Hypergrad.Arithmetic;

/// <summary>
/// A momentum as the ratio n/65536 that the exact arithmetic multiplies by. Everywhere in this library momentum means this ratio:
/// in the decay, in 1 − γ and in the adjoint.
/// </summary>
/// <param name="Numerator">n, from 0 (no momentum) to 65536 (no decay).</param>
public readonly record struct DecayRatio(int Numerator)
{
    /// <summary>The denominator of every ratio, 2¹⁶.</summary>
    public const int Denominator = 65536;

    /// <summary>The ratio itself, γ.</summary>
    public double Value => Numerator / (double)Denominator;

    /// <summary>1 − γ, exact.</summary>
    public double Complement => (Denominator - Numerator) / (double)Denominator;

    /// <summary>The bits of a velocity that one multiplication by γ throws away on average, log2(1/γ).</summary>
    public double Entropy => Numerator == 0 ? double.PositiveInfinity : -Math.Log2(Value);

    /// <summary>Rounds a momentum to the nearest ratio; a positive momentum never rounds to 0.</summary>
    /// <param name="momentum">γ, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">γ is not a number from 0 to 1.</exception>
    public static DecayRatio FromMomentum(double momentum)
    {
        if (!(momentum >= 0 && momentum <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "A momentum lies in (0, 1].");
        return momentum == 0 ? new(0) : new(Math.Max(1, (int)Math.Round(momentum * Denominator)));
    }
}
