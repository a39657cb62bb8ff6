using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>
/// SGD with Nesterov's momentum: v ← γv − (1 − δ)g, w ← w + α(γv − (1 − δ)g) (Sutskever et al. 2013, as PyTorch has it). Its step reads g
/// where it moves w, so that it cannot be reversed: it is trained and differentiated by the stored and the checkpointed method.
/// </summary>
public sealed record Nesterov : Optimizer
{
    /// <summary>α.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>γ, the momentum coefficient, from 0 to 1.</summary>
    public required Schedule Coefficient { get; init; }

    /// <summary>δ, or null for γ.</summary>
    public double? Dampening { get; init; } = 0;

    /// <inheritdoc/>
    public override string Name => "nesterov";

    /// <inheritdoc/>
    public override IReadOnlyList<(Quantity, Schedule)> Schedules =>
        [(Quantity.LearningRate, LearningRate), (Quantity.Momentum, Coefficient)];

    /// <inheritdoc/>
    public override Optimizer With(Quantity quantity, Schedule schedule) =>
        quantity == Quantity.LearningRate ? this with { LearningRate = schedule } : this with { Coefficient = schedule };

    /// <inheritdoc/>
    public override RawOptimizer Lower(OptimizerTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var (α, γ) = (tables.Of(Quantity.LearningRate), tables.MomentumOf(Quantity.Momentum));
        var undampened = Optimizers.Coefficient.Undampened(γ, Dampening);
        var v = new Slot("velocity", Initial: Quantity.InitialVelocity);
        return new(Name, [v],
        [
            new Decay(v, γ),
            new Kick(v, -undampened, GradientFunction.Gradient),
            new Drift(α * γ, new SlotDirection(v)),
            new Kick(Slot.Weights, -(α * undampened), GradientFunction.Gradient),
        ]);
    }
}
