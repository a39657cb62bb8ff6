namespace Hypergrad.Optimizers;

/// <summary>ψ of a drift: where the slots point.</summary>
public abstract record Direction
{
    private protected Direction() { }

    /// <summary>The slots that it reads.</summary>
    public abstract IReadOnlyList<Slot> Slots { get; }

    /// <summary>The coefficients that it reads.</summary>
    public abstract IReadOnlyList<Coefficient> Coefficients { get; }
}

/// <summary>ψ = v.</summary>
/// <param name="Slot">v.</param>
public sealed record SlotDirection(Slot Slot) : Direction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Slot> Slots => [Slot];

    /// <inheritdoc/>
    public override IReadOnlyList<Coefficient> Coefficients => [];
}

/// <summary>ψ = m̂/(√ŝ + ε), m̂ = m/b₁, ŝ = s/b₂ (Kingma, Ba 2015). d√s/ds = 0 at s = 0.</summary>
/// <param name="FirstMoment">m.</param>
/// <param name="SecondMoment">s.</param>
/// <param name="FirstCorrection">b₁ = 1 − Π β₁.</param>
/// <param name="SecondCorrection">b₂ = 1 − Π β₂.</param>
/// <param name="Epsilon">ε.</param>
public sealed record AdamDirection(
    Slot FirstMoment, Slot SecondMoment, Coefficient FirstCorrection, Coefficient SecondCorrection, Coefficient Epsilon) : Direction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Slot> Slots => [FirstMoment, SecondMoment];

    /// <inheritdoc/>
    public override IReadOnlyList<Coefficient> Coefficients => [FirstCorrection, SecondCorrection, Epsilon];
}
