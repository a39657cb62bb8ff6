using Hypergrad.Backends;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// The adjoint sweep in fewer reverse steps than there are training steps: each reverse step stands for a block of them, spread evenly over
/// the run. Within a block the adjoint follows every step's learning rate and momentum, so that each gets its gradient, but the Hessian is
/// multiplied once, by Σ u over the block, at the state and minibatch of the block's middle. A block of one step is
/// <see cref="AdjointSweep"/>.
/// </summary>
internal static class CoarseSweep
{
    /// <summary>Carries the adjoint back through all steps in the given number of blocks.</summary>
    public static void Run(ISession session, ShortcutTrajectory trajectory, Adjoint adjoint, int reverseSteps)
    {
        var (v, g) = (session.Velocity, session.Gradient);
        var (dw, dv, u, hu) = (adjoint.Weights, adjoint.Velocity, adjoint.Direction, adjoint.HessianProduct);
        using var blockEnd = session.NewVector();
        long steps = session.Run.Steps;

        using var collect = session.NewBody(t =>
        {
            session.GroupDot(adjoint.LearningRate, t, dw, v);                               // dα_t = Σ dw v_{t+1}
            session.MultiplyAdd(StepCoefficient.LearningRate, t, dw, dv);                   // dv  += α_t ∘ dw
            session.MultiplyAdd(StepCoefficient.MomentumComplement, t, dv, u);              // u   += (1 − γ_t) ∘ dv
            trajectory.RecoverVelocity(t);                                                  // v_t
            session.Multiply(StepCoefficient.Momentum, t, dv, dv);                          // dv   = γ_t ∘ dv
        });
        using var multiply = session.NewBody(t =>
        {
            trajectory.RecallWeights(t);
            session.EvaluateGradientAndTangent(t, u, hu, adjoint.Data);                     // g, Hu; dX, dY, dω −= ∂_u ∂L
            session.SubtractPenaltyTangent(u, adjoint.L2, adjoint.L1);                      // dλ  −= 2 w ∘ u, dμ −= sign(w) ∘ u
        });
        using var repeat = session.NewBody(t =>
        {
            session.MultiplyAdd(StepCoefficient.LearningRate, t, dw, dv);                   // the same dv again, now that g is known
            trajectory.RecoverVelocity(t);
            session.GroupDot(adjoint.Momentum, t, dv, v);                                   // dγ_t = Σ dv (v_t + g)
            session.GroupDot(adjoint.Momentum, t, dv, g);
            session.Multiply(StepCoefficient.Momentum, t, dv, dv);
        });

        trajectory.RecallLastVelocity();
        for (int block = reverseSteps - 1; block >= 0; block--)
        {
            int first = (int)(block * steps / reverseSteps), end = (int)((block + 1) * steps / reverseSteps);
            int middle = (first + end - 1) / 2;
            session.Copy(dv, blockEnd);
            session.Clear(u);
            session.ForEachStep(StepRange.Backward(first, end), collect);
            session.ForEachStep(StepRange.Backward(middle, middle + 1), multiply);
            session.Copy(blockEnd, dv);
            session.ForEachStep(StepRange.Backward(first, end), repeat);
            session.Subtract(hu, dw);                                                       // dw  −= Hu
        }
    }
}
