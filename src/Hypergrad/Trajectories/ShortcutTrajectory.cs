using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>
/// DrMAD's shortcut (Fu et al. 2016): the weights are taken to have moved on a straight line from w_0 to w_T, or through knots saved on the
/// way, and the velocity to have been the line's slope over the learning rate.
/// </summary>
internal sealed class ShortcutTrajectory : Trajectory
{
    private readonly int[] knots;
    private readonly ILinePath path;

    /// <param name="session">The session that is walked.</param>
    /// <param name="knotCount">Saved states, the start and the end included: at least 2, at most T + 1.</param>
    public ShortcutTrajectory(ISession session, int knotCount) : base(session)
    {
        knots = [.. Enumerable.Range(0, knotCount).Select(k => (int)Math.Round(k * (double)Steps / (knotCount - 1)))];
        path = session.NewLinePath(knots);
    }

    public override void Train()
    {
        Session.Start();
        path.SaveKnot(0);
        using var plainStep = Training.NewStep(Session);
        for (int knot = 1; knot < knots.Length; knot++)
        {
            WalkForward(knots[knot - 1], knots[knot], plainStep);
            path.SaveKnot(knot);
        }
    }

    public override void ForEachStepBackward(Action<Step> body)
    {
        path.RecallLastVelocity();
        using var undoing = Session.NewBody(body);
        WalkBack(0, Steps, undoing);
    }

    public override void RecoverWeights(Step step) => path.RecallWeights(step);

    public override void RecoverSlots(Step step) => path.RecallVelocity(step);

    /// <summary>The session's velocity becomes v̂_T.</summary>
    public void RecallLastVelocity() => path.RecallLastVelocity();

    public override void Dispose() => path.Dispose();
}
