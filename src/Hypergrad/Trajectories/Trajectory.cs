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

    /// <summary>What the reversal showed, or null where nothing was reversed.</summary>
    public virtual ReversalReport? Report => null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
