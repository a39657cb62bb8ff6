using Hypergrad.Backends;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Reverse-mode differentiation of training (Maclaurin, Duvenaud, Adams 2015, Algorithm 2, for any optimizer that is a list of updates).
/// With g = ∇L_t(w) a step does, in the order of its list, decays x ← c·x, kicks x ← x + c·φ(g) and drifts w ← w + a·ψ(slots); they are
/// pulled back in the opposite order, and one Hessian-vector product a step carries the adjoint through g. It is the same sweep whichever
/// way the states are found again.
/// </summary>
internal static class AdjointSweep
{
    /// <summary>Carries the adjoint, w̄ = ∇F(w_T) and slot‾ = 0 on entry, back through all steps.</summary>
    public static void Run(ISession session, Trajectory trajectory, Adjoint adjoint)
    {
        var (wBar, u, hu) = (adjoint.State.Weights, adjoint.Direction, adjoint.HessianProduct);

        trajectory.ForEachStepBackward(t =>
        {
            session.PullBackDrifts(t, adjoint.State);                   // ā += Σ w̄∘ψ;  slot‾ += a·w̄∘∂ψ/∂slot
            trajectory.RecoverWeights(t);                               // w_t
            session.EvaluateGradient(t);                                // g_t
            session.PullBackKicks(t, adjoint.State, u);                 // c̄ += Σ x̄∘φ(g);  u = Σ c·x̄∘φ′(g)
            session.EvaluateTangent(t, u, hu, adjoint.Data);            // Hu;  dX, dY, dω += ∂_u ∂L_t
            session.AddPenaltyTangent(u, adjoint.L2, adjoint.L1);       // dλ += 2 w_t∘u, dμ += sign(w_t)∘u
            trajectory.RecoverSlots(t);                                 // the slots before the step
            session.PullBackDecays(t, adjoint.State);                   // c̄ += Σ x̄∘x;  x̄ ← c·x̄
            session.Add(hu, wBar);                                      // w̄ += Hu
        });
    }
}
