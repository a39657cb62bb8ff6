namespace Hypergrad.Arithmetic;

/// <summary>
/// One weight under exactly reversible momentum: the specification that every backend must equal bit for bit
/// (Maclaurin, Duvenaud, Adams 2015, section 2, with the digit store of this library).
/// <para>Forward: <see cref="Decay"/>, <see cref="Kick"/>, <see cref="Drift"/>. Back: each undone, in the opposite order.</para>
/// </summary>
public record struct ReversibleWeight
{
    /// <summary>The position X, fixed point.</summary>
    public long Position { get; set; }

    /// <summary>The velocity V, fixed point.</summary>
    public long Velocity { get; set; }

    /// <summary>The information digits s. Below 2¹⁶ between steps, below 2³² after <see cref="Decay"/> and before its spill.</summary>
    public uint Digits { get; set; }

    /// <summary>V ← γV, the digits that the division drops going into the store and one digit coming back out: push, then pop.</summary>
    public void Decay(DecayRatio ratio)
    {
        uint n = (uint)ratio.Numerator;
        uint pushed = Digits << 16 | (uint)(Velocity & 0xFFFF);
        Velocity = (Velocity >> 16) * n + pushed % n;
        Digits = pushed / n;
    }

    /// <summary>Undoes <see cref="Decay"/>.</summary>
    public void UndoDecay(DecayRatio ratio)
    {
        long n = ratio.Numerator;
        (long quotient, long remainder) = FloorDivide(Velocity, n);
        uint pushed = (uint)(Digits * n + remainder);
        Velocity = quotient << 16 | pushed & 0xFFFF;
        Digits = pushed >> 16;
    }

    /// <summary>The low byte of the store, which goes to the byte plane; the store moves down.</summary>
    public byte Spill()
    {
        byte low = (byte)Digits;
        Digits >>= 8;
        return low;
    }

    /// <summary>Undoes <see cref="Spill"/>.</summary>
    public void Unspill(byte low) => Digits = Digits << 8 | low;

    /// <summary>V ← V − (1 − γ)g.</summary>
    /// <exception cref="OverflowException">The gradient is not finite or the velocity leaves its range.</exception>
    public void Kick(DecayRatio ratio, double gradient) =>
        Velocity = checked(Velocity - Truncate(ratio.Complement * gradient * FixedPoint.One));

    /// <summary>Undoes <see cref="Kick"/>.</summary>
    public void UndoKick(DecayRatio ratio, double gradient) =>
        Velocity = checked(Velocity + Truncate(ratio.Complement * gradient * FixedPoint.One));

    /// <summary>X ← X + αV.</summary>
    /// <exception cref="OverflowException">The position leaves its range.</exception>
    public void Drift(double learningRate) => Position = checked(Position + Truncate(learningRate * Velocity));

    /// <summary>Undoes <see cref="Drift"/>.</summary>
    public void UndoDrift(double learningRate) => Position = checked(Position - Truncate(learningRate * Velocity));

    private static long Truncate(double value) => Math.Abs(value) < FixedPoint.Limit
        ? (long)value
        : throw new OverflowException($"{value / FixedPoint.One} does not fit a fixed-point number of range ±{FixedPoint.Range}.");

    private static (long Quotient, long Remainder) FloorDivide(long value, long divisor)
    {
        (long quotient, long remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder);
    }
}
