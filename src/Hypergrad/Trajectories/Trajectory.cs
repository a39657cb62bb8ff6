using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>
/// How the states of a training run are found again on the way back: all that tells the hypergradient methods apart.
/// One object serves one session once: <see cref="Train"/>, then <see cref="ForEachStepBackward"/>.
/// </summary>
internal abstract class Trajectory(ISession session) : IDisposable
{
    /// <summary>The session that is walked.</summary>
    protected ISession Session { get; } = session;

    /// <summary>Steps of the run, T.</summary>
    protected int Steps => Session.Run.Steps;

    private int Interval => Math.Max(1, Steps / 20);

    /// <summary>Trains from w_0 to w_T, keeping what the way back will need.</summary>
    public abstract void Train();

    /// <summary>
    /// Runs the body for t = T−1, …, 0. On entry the session's slots are those after step t; the body calls <see cref="RecoverWeights"/>,
    /// evaluates g_t and calls <see cref="RecoverSlots"/>, once each.
    /// </summary>
    public abstract void ForEachStepBackward(Action<Step> body);

    /// <summary>The session's weights become w_t.</summary>
    public abstract void RecoverWeights(Step step);

    /// <summary>The session's slots become those before step t. The session's gradient is g_t.</summary>
    public abstract void RecoverSlots(Step step);

    /// <summary>Told, between ranges of steps of the training, to which step it has come, about twenty times a run.</summary>
    public Action<int>? WentTo { get; set; }

    /// <summary>
    /// Told, between ranges of steps on the way back, to which step it has come, about twenty times a run and of step 0 last. It may
    /// read the session's vectors, and changes none.
    /// </summary>
    public Action<int>? CameBackTo { get; set; }

    /// <summary>What the reversal showed, or null where nothing was reversed.</summary>
    public virtual ReversalReport? Report => null;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Steps end − 1, …, begin are gone back over: tells of it if a multiple of a twentieth of the run is among them.</summary>
    internal void Tell(int begin, int end)
    {
        if ((end - 1) / Interval * Interval >= begin)
            CameBackTo?.Invoke(begin);
    }

    /// <summary>Runs a body for t = begin, …, end − 1; where somebody is told of it, a range for every twentieth of the run.</summary>
    protected void WalkForward(int begin, int end, IStepBody body)
    {
        for (int from = begin, to; from < end; from = to)
        {
            to = WentTo is null ? end : Math.Min(end, (from / Interval + 1) * Interval);
            Session.ForEachStep(StepRange.Forward(from, to), body);
            WentTo?.Invoke(to);
        }
    }

    /// <summary>Runs a body for t = end − 1, …, begin, a range for every twentieth of the run, and tells of it.</summary>
    protected void WalkBack(int begin, int end, IStepBody body)
    {
        for (int from = end, to; from > begin; from = to)
        {
            to = Math.Max(begin, (from - 1) / Interval * Interval);
            Session.ForEachStep(StepRange.Backward(to, from), body);
            Tell(to, from);
        }
    }
}
