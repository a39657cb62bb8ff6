using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>Training in floating point with nothing kept: there is no way back.</summary>
internal sealed class PlainTrajectory(ISession session) : Trajectory(session)
{
    public override void Train()
    {
        Session.Start();
        using var step = Training.NewStep(Session);
        WalkForward(0, Steps, step);
    }

    public override void ForEachStepBackward(Action<Step> body) => throw NoWayBack();

    public override void RecoverWeights(Step step) => throw NoWayBack();

    public override void RecoverSlots(Step step) => throw NoWayBack();

    public override void Dispose() { }

    private static InvalidOperationException NoWayBack() => new("A plain training keeps nothing by which it could be gone back over.");
}
