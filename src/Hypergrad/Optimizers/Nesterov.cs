namespace Hypergrad.Optimizers;

/// <summary>
/// SGD with Nesterov's momentum: v ← γv − (1 − δ)g, w ← w + α(γv − (1 − δ)g) (Sutskever et al. 2013, as PyTorch has it). Its step reads g
/// where it moves w, so that it cannot be reversed: it is trained and differentiated by the stored and the checkpointed method.
/// </summary>
public sealed record Nesterov : VelocityOptimizer
{
    /// <summary>With a dampening of 0.</summary>
    public Nesterov() => Dampening = 0;

    /// <inheritdoc/>
    public override string Name => "nesterov";

    /// <inheritdoc/>
    public override RawOptimizer Lower(OptimizerTables tables)
    {
        var (α, γ, undampened, v) = Parts(tables);
        return new(Name, [v],
        [
            new Decay(v, γ),
            new Kick(v, -undampened, GradientFunction.Gradient),
            new Drift(α * γ, new SlotDirection(v)),
            new Kick(Slot.Weights, -(α * undampened), GradientFunction.Gradient),
        ]);
    }
}
