using Hypergrad.Backends;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Reverse-mode differentiation of SGD with momentum (Maclaurin, Duvenaud, Adams 2015, Algorithm 2), for elementary training
/// v_{t+1} = γ_t ∘ v_t − (1 − γ_t) ∘ g_t, w_{t+1} = w_t + α_t ∘ v_{t+1}. It is the same sweep whichever way the states are found again.
/// </summary>
internal static class AdjointSweep
{
    /// <summary>Carries the adjoint, dw = ∇F(w_T) and dv = 0 on entry, back through all steps.</summary>
    public static void Run(ISession session, Trajectory trajectory, Adjoint adjoint)
    {
        var (v, g) = (session.Velocity, session.Gradient);
        var (dw, dv, u, hu) = (adjoint.Weights, adjoint.Velocity, adjoint.Direction, adjoint.HessianProduct);

        trajectory.ForEachStepBackward(t =>
        {
            session.GroupDot(adjoint.LearningRate, t, dw, v);                               // dα_t = Σ dw v_{t+1}
            session.MultiplyAdd(StepCoefficient.LearningRate, t, dw, dv);                   // dv  += α_t ∘ dw
            session.Multiply(StepCoefficient.MomentumComplement, t, dv, u);                 // u    = (1 − γ_t) ∘ dv
            session.EvaluateGradientAndTangent(t, u, hu, adjoint.Data);                     // g_t, Hu; dX, dY, dω −= ∂_u ∂L_t
            session.SubtractPenaltyTangent(u, adjoint.L2, adjoint.L1);                      // dλ  −= 2 w_t ∘ u, dμ −= sign(w_t) ∘ u
            trajectory.RecoverVelocity(t);                                                  // v_t
            session.GroupDot(adjoint.Momentum, t, dv, v);                                   // dγ_t = Σ dv (v_t + g_t)
            session.GroupDot(adjoint.Momentum, t, dv, g);
            session.Subtract(hu, dw);                                                       // dw  −= Hu
            session.Multiply(StepCoefficient.Momentum, t, dv, dv);                          // dv   = γ_t ∘ dv
        });
    }
}
