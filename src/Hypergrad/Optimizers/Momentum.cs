namespace Hypergrad.Optimizers;

/// <summary>
/// SGD with momentum: v ← γv − (1 − δ)g, w ← w + αv. The dampening δ is γ unless another is given (Maclaurin, Duvenaud, Adams 2015,
/// Algorithm 1); with δ = 0 it is PyTorch's.
/// </summary>
public sealed record Momentum : VelocityOptimizer
{
    /// <inheritdoc/>
    public override string Name => "momentum";

    /// <inheritdoc/>
    public override RawOptimizer Lower(OptimizerTables tables)
    {
        var (α, γ, undampened, v) = Parts(tables);
        return new(Name, [v],
        [
            new Decay(v, γ),
            new Kick(v, -undampened, GradientFunction.Gradient),
            new Drift(α, new SlotDirection(v)),
        ]);
    }
}
