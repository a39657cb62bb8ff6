using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>
/// AdamW (Loshchilov, Hutter 2019): w ← (1 − αλ)w, m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², w ← w − α m̂/(√ŝ + ε) with the moments
/// divided by their bias corrections 1 − Π β. Without weight decay it is Adam (Kingma, Ba 2015).
/// </summary>
public sealed record AdamW : Optimizer
{
    /// <summary>α, above or equal to 0.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>β₁, from 0 and below 1.</summary>
    public Schedule Beta1 { get; init; } = Schedule.Constant(Sharing.All, 0.9).Fixed();

    /// <summary>β₂, from 0 and below 1.</summary>
    public Schedule Beta2 { get; init; } = Schedule.Constant(Sharing.All, 0.999).Fixed();

    /// <summary>ε, above 0.</summary>
    public Schedule Epsilon { get; init; } = Schedule.Constant(Sharing.All, 1e-8).Fixed();

    /// <summary>λ; αλ stays below 1. 0 is Adam.</summary>
    public Schedule WeightDecay { get; init; } = Schedule.Constant(Sharing.All, 0.01).Fixed();

    /// <inheritdoc/>
    public override string Name => "adamw";

    /// <inheritdoc/>
    public override IReadOnlyList<(Quantity, Schedule)> Schedules =>
    [
        (Quantity.LearningRate, LearningRate), (Quantity.Beta1, Beta1), (Quantity.Beta2, Beta2), (Quantity.Epsilon, Epsilon),
        (Quantity.WeightDecay, WeightDecay),
    ];

    /// <inheritdoc/>
    public override Optimizer With(Quantity quantity, Schedule schedule) =>
        quantity == Quantity.LearningRate ? this with { LearningRate = schedule }
        : quantity == Quantity.Beta1 ? this with { Beta1 = schedule }
        : quantity == Quantity.Beta2 ? this with { Beta2 = schedule }
        : quantity == Quantity.Epsilon ? this with { Epsilon = schedule }
        : this with { WeightDecay = schedule };

    /// <inheritdoc/>
    public override RawOptimizer Lower(OptimizerTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        tables.Require(Name, Quantity.LearningRate, rate => rate >= 0, "at least 0");
        tables.Require(Name, Quantity.Beta1, beta => IsBelowOne(beta, DecayRatio.FromMomentum), "at least 0, and below 1 by 1e-5 or more");
        tables.Require(Name, Quantity.Beta2, beta => IsBelowOne(beta, DecayRatio.Nearest), "at least 0, and below 1 by 2e-7 or more");
        tables.Require(Name, Quantity.Epsilon, epsilon => epsilon > 0, "above 0");
        tables.Require(Name, Quantity.WeightDecay, decay => decay >= 0, "at least 0");
        var (α, λ, ε) = (tables.Of(Quantity.LearningRate), tables.Of(Quantity.WeightDecay), tables.Of(Quantity.Epsilon));
        var (β1, β2) = (tables.MomentumOf(Quantity.Beta1), tables.DecayOf(Quantity.Beta2));
        var kept = 1 - α * λ;
        RequireBelowOne(kept);
        var (m, s) = (new Slot("first moment"), new Slot("second moment", IsSecondMoment: true));
        return new(Name, [m, s],
        [
            new Decay(Slot.Weights, kept.AsDecay()),
            new Decay(m, β1),
            new Kick(m, 1 - β1, GradientFunction.Gradient),
            new Decay(s, β2),
            new Kick(s, 1 - β2, GradientFunction.Square),
            new Drift(-α, new AdamDirection(m, s, β1.BiasCorrection(), β2.BiasCorrection(), ε)),
        ]);
    }

    // As a ratio too: a moment that keeps all of itself has a bias correction of 0.
    private static bool IsBelowOne(double beta, Func<double, DecayRatio> round) =>
        beta is >= 0 and < 1 && round(beta) is var ratio && ratio.Numerator < ratio.Denominator;

    private static void RequireBelowOne(Coefficient kept)
    {
        int gone = Array.FindIndex(kept.Values, value => !(value > 0));
        if (gone >= 0)
            throw new ConfigurationException($"The learning rate times the weight decay of step {gone / kept.Grouping.Count}, "
                + $"{kept.Grouping.NameOf(gone % kept.Grouping.Count)} is {1 - kept.Values[gone]}; it must stay below 1. "
                + "Lower the weight decay or the learning rate.");
    }
}
