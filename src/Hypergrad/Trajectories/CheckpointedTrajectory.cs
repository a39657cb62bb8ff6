using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>Keeps a few snapshots, and trains again from the nearest one to find each state.</summary>
internal sealed class CheckpointedTrajectory(ISession session, int snapshots) : Trajectory(session)
{
    private readonly IStateHistory history = session.NewHistory(snapshots);
    private readonly IVector[] later = VectorsFor(session), earlier = VectorsFor(session);
    private readonly IStepBody plainStep = Training.NewStep(session);
    private readonly Stack<int> taken = new();

    public override void Train()
    {
        Session.Start();
        TrainTakingSnapshots(0, Steps);
    }

    public override void ForEachStepBackward(Action<Step> body)
    {
        using var undoing = Session.NewBody(body);
        for (int end = Steps; end > 0; end--)
        {
            // The slots that the step after this one recovered, while the session trains up to this one again.
            Copy(Session.Slots, later);
            int from = taken.Peek();
            var number = new Step(taken.Count - 1);
            history.LoadWeights(number);
            history.LoadSlots(number);
            if (end - from > 1)
            {
                taken.Pop();
                TrainTakingSnapshots(from, end - 1, isAgain: true);
            }
            Copy(Session.Slots, earlier);
            Copy(later, Session.Slots);
            WalkBack(end - 1, end, undoing);
            if (taken.Peek() == end - 1)
                taken.Pop();
        }
    }

    // Training up to step t has left w_t in the session already.
    public override void RecoverWeights(Step step) { }

    public override void RecoverSlots(Step step) => Copy(earlier, Session.Slots);

    public override void Dispose()
    {
        plainStep.Dispose();
        history.Dispose();
        foreach (var vector in later.Concat(earlier))
            vector.Dispose();
    }

    private static IVector[] VectorsFor(ISession session) => [.. session.Slots.Select(_ => session.NewVector())];

    private void Copy(IReadOnlyList<IVector> sources, IReadOnlyList<IVector> targets)
    {
        for (int i = 0; i < sources.Count; i++)
            Session.Copy(sources[i], targets[i]);
    }

    // Trains from one step to another, a snapshot at the start and, while slots are free, wherever the schedule wants one. The chain to be
    // reversed ends one step after the last state: that is w_T on the first way, and then the one that is to be found.
    private void TrainTakingSnapshots(int from, int to, bool isAgain = false)
    {
        bool alreadySaved = isAgain;
        while (from < to)
        {
            if (!alreadySaved)
                history.Save(new Step(taken.Count));
            alreadySaved = false;
            taken.Push(from);
            int free = snapshots - taken.Count;
            int next = free > 0 ? from + BinomialSchedule.NextSnapshot(to + 1 - from, free + 1) : to;
            WalkForward(from, next, plainStep, isAgain);
            from = next;
        }
    }
}
