using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>
/// SGD with momentum: v ← γv − (1 − δ)g, w ← w + αv. The dampening δ is γ unless another is given (Maclaurin, Duvenaud, Adams 2015,
/// Algorithm 1); with δ = 0 it is PyTorch's.
/// </summary>
public sealed record Momentum : Optimizer
{
    /// <summary>α.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>γ, the momentum coefficient, from 0 to 1.</summary>
    public required Schedule Coefficient { get; init; }

    /// <summary>δ, or null for γ.</summary>
    public double? Dampening { get; init; }

    /// <inheritdoc/>
    public override string Name => "momentum";

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
        var v = new Slot("velocity", Initial: Quantity.InitialVelocity);
        return new(Name, [v],
        [
            new Decay(v, γ),
            new Kick(v, -Optimizers.Coefficient.Undampened(γ, Dampening), GradientFunction.Gradient),
            new Drift(α, new SlotDirection(v)),
        ]);
    }
}
