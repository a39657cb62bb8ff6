namespace Hypergrad.Optimizers;

/// <summary>One invertible change of a training step, done after g = ∇L_t(w).</summary>
/// <param name="Target">What it moves.</param>
/// <param name="Coefficient">The number per step and group of weights that it multiplies by.</param>
public abstract record Update(Slot Target, Coefficient Coefficient);

/// <summary>x ← c·x. Undone by the digits that the division dropped. Adjoint: c̄ += Σ x̄∘x, x̄ ← c·x̄.</summary>
/// <param name="Target">x.</param>
/// <param name="Coefficient">c; it must be a ratio (<see cref="Coefficient.Ratios"/>).</param>
public sealed record Decay(Slot Target, Coefficient Coefficient) : Update(Target, Coefficient);

/// <summary>x ← x + c·φ(g). Undone by g evaluated again. Adjoint: c̄ += Σ x̄∘φ(g), u += c·x̄∘φ′(g).</summary>
/// <param name="Target">x.</param>
/// <param name="Coefficient">c.</param>
/// <param name="Function">φ.</param>
public sealed record Kick(Slot Target, Coefficient Coefficient, GradientFunction Function) : Update(Target, Coefficient);

/// <summary>w ← w + a·ψ(slots). Undone by the slots. Adjoint: ā += Σ w̄∘ψ, slot‾ += a·w̄∘∂ψ/∂slot.</summary>
/// <param name="Coefficient">a.</param>
/// <param name="Direction">ψ.</param>
public sealed record Drift(Coefficient Coefficient, Direction Direction) : Update(Slot.Weights, Coefficient);
