using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>Keeps every state.</summary>
internal sealed class StoredTrajectory(ISession session) : Trajectory(session)
{
    private readonly IStateHistory history = session.NewHistory(session.Run.Steps);

    public override void Train()
    {
        Session.Start();
        using var saving = Session.NewBody(step =>
        {
            history.Save(step);
            Session.EvaluateGradient(step);
            Session.Advance(step);
        });
        WalkForward(0, Steps, saving);
    }

    public override void ForEachStepBackward(Action<Step> body)
    {
        using var undoing = Session.NewBody(body);
        WalkBack(0, Steps, undoing);
    }

    public override void RecoverWeights(Step step) => history.LoadWeights(step);

    public override void RecoverSlots(Step step) => history.LoadSlots(step);

    public override void Dispose() => history.Dispose();
}
