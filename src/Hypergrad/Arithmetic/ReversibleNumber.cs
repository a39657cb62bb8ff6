namespace Hypergrad.Arithmetic;

/// <summary>
/// One number of an optimizer's state under exactly reversible updates: the specification that every backend must equal bit for bit. A
/// weight or first moment has 52 fractional bits, a second moment 96 (<see cref="FixedPoint"/>).
/// <para>Forward: <see cref="Decay"/>, <see cref="Kick"/>, <see cref="Drift"/>. Back: each undone, in the opposite order.</para>
/// </summary>
internal record struct ReversibleNumber
{
    private ulong store;
    private Int128 value;

    /// <summary>The fixed-point number.</summary>
    public Int128 Value { readonly get => value; set => this.value = value; }

    /// <summary>
    /// The information store s of its decay. Within its word between steps, wider after <see cref="Decay"/> and before its spill.
    /// </summary>
    public ulong Store { readonly get => store; set => store = value; }

    /// <summary>x ← (n/d)·x.</summary>
    public void Decay(DecayRatio ratio) => InformationStore.Decay(ref value, ref store, ratio);

    /// <summary>Undoes <see cref="Decay"/>.</summary>
    public void UndoDecay(DecayRatio ratio) => InformationStore.UndoDecay(ref value, ref store, ratio);

    /// <summary>The low byte of the store, which goes to the byte plane.</summary>
    public byte Spill() => InformationStore.Spill(ref store);

    /// <summary>Undoes <see cref="Spill"/>.</summary>
    public void Unspill(byte low) => InformationStore.Unspill(ref store, low);

    /// <summary>x ← x + c·g, the product cut to 52 fractional bits.</summary>
    /// <exception cref="OverflowException">The gradient is not finite or the number leaves its range.</exception>
    public void Kick(double coefficient, double gradient) => Value = InRange(Value + FixedPoint.Truncate(coefficient * gradient));

    /// <summary>Undoes <see cref="Kick"/>.</summary>
    public void UndoKick(double coefficient, double gradient) => Value = InRange(Value - FixedPoint.Truncate(coefficient * gradient));

    /// <summary>s ← s + c·g², the product rounded to 96 fractional bits; for second moments.</summary>
    /// <exception cref="OverflowException">The gradient is not finite or the number leaves its range.</exception>
    public void KickSecondMoment(double coefficient, double gradient) =>
        Value = SecondMomentInRange(Value + FixedPoint.SecondMomentFromDouble(coefficient * (gradient * gradient)));

    /// <summary>Undoes <see cref="KickSecondMoment"/>.</summary>
    public void UndoKickSecondMoment(double coefficient, double gradient) =>
        Value -= FixedPoint.SecondMomentFromDouble(coefficient * (gradient * gradient));

    /// <summary>x ← x + a·ψ, the product cut to 52 fractional bits.</summary>
    /// <exception cref="OverflowException">The number leaves its range.</exception>
    public void Drift(double coefficient, double direction) => Kick(coefficient, direction);

    /// <summary>Undoes <see cref="Drift"/>.</summary>
    public void UndoDrift(double coefficient, double direction) => UndoKick(coefficient, direction);

    private static Int128 InRange(Int128 value) => value >= long.MinValue && value <= long.MaxValue
        ? value
        : throw new OverflowException($"A number left the fixed-point range of ±{FixedPoint.Range}.");

    private static Int128 SecondMomentInRange(Int128 value) => (long)(value >> 64) >= 0
        ? value
        : throw new OverflowException("A second moment left its range of 0 to 2³¹.");
}
