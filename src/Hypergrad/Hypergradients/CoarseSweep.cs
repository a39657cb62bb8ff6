using Hypergrad.Backends;
using Hypergrad.Optimizers;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// The adjoint sweep in fewer reverse steps than there are training steps, for momentum: each reverse step stands for a block of them,
/// spread evenly over the run. Within a block the adjoint follows every step's learning rate and momentum, so that each gets its gradient,
/// but the Hessian is multiplied once, by Σ u over the block, at the state and minibatch of the block's middle. A block of one step is
/// <see cref="AdjointSweep"/>.
/// </summary>
internal static class CoarseSweep
{
    /// <summary>Carries the adjoint back through all steps in the given number of blocks.</summary>
    public static void Run(ISession session, ShortcutTrajectory trajectory, Adjoint adjoint, int reverseSteps)
    {
        var (wBar, vBar) = (adjoint.State.Weights, adjoint.State.Slots[0]);
        var (u, hu) = (adjoint.Direction, adjoint.HessianProduct);
        using IVector blockEnd = session.NewVector(), again = session.NewVector();
        long steps = session.Run.Steps;

        // The block is walked twice: for u with the drifts' coefficients, then, once g is known, for those of kicks and decays.
        var first = Only<Drift>(session, adjoint.State);
        var second = Only<Kick, Decay>(session, adjoint.State);
        using var collect = session.NewBody(t =>
        {
            session.PullBackDrifts(t, first);
            session.PullBackKicks(t, first, u, add: true);
            trajectory.RecoverSlots(t);
            session.PullBackDecays(t, first);
        });
        using var multiply = session.NewBody(t =>
        {
            trajectory.RecoverWeights(t);
            session.EvaluateGradient(t);
            session.EvaluateTangent(t, u, hu, adjoint.Data);
            session.AddPenaltyTangent(u, adjoint.L2, adjoint.L1);
        });
        using var repeat = session.NewBody(t =>
        {
            session.PullBackDrifts(t, second);
            session.PullBackKicks(t, second, again);
            trajectory.RecoverSlots(t);
            session.PullBackDecays(t, second);
        });

        trajectory.RecallLastVelocity();
        for (int block = reverseSteps - 1; block >= 0; block--)
        {
            int begin = (int)(block * steps / reverseSteps), end = (int)((block + 1) * steps / reverseSteps);
            int middle = (begin + end - 1) / 2;
            session.Copy(vBar, blockEnd);
            session.Clear(u);
            session.ForEachStep(StepRange.Backward(begin, end), collect);
            session.ForEachStep(StepRange.Backward(middle, middle + 1), multiply);
            session.Copy(blockEnd, vBar);
            session.ForEachStep(StepRange.Backward(begin, end), repeat);
            session.Add(hu, wBar);
            trajectory.Tell(begin, end);
        }
    }

    private static OptimizerAdjoint Only<TUpdate>(ISession session, OptimizerAdjoint adjoint) => Only<TUpdate, TUpdate>(session, adjoint);

    // The same adjoint, gathering the gradients of some updates' coefficients alone.
    private static OptimizerAdjoint Only<TFirst, TSecond>(ISession session, OptimizerAdjoint adjoint)
    {
        var optimizer = session.Run.Optimizer;
        var wanted = optimizer.Updates.Where(update => update is TFirst or TSecond).Select(optimizer.IndexOf).ToHashSet();
        return adjoint with { Coefficients = [.. adjoint.Coefficients.Select((vector, i) => wanted.Contains(i) ? vector : null)] };
    }
}
