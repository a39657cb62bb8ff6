namespace Hypergrad.Backends;

/// <summary>
/// The exact state of a run: positions X and velocities V in fixed point and the digit store with its byte planes. Every backend's is equal
/// bit for bit, given equal gradients (<see cref="Arithmetic.ReversibleWeight"/> is the specification).
/// </summary>
public interface IReversibleState : IDisposable
{
    /// <summary>X ← w₀, V ← 0, s ← 0; the session's weights become those of X.</summary>
    void Start();

    /// <summary>
    /// Step t forward: decay, spill what the schedule says, kick with the session's gradient, drift; the weights become w_{t+1}.
    /// </summary>
    void Advance(Step step);

    /// <summary>
    /// Undoes the drift of the run's last step: the weights become w_{T-1}, the session's velocity v_T. Comes before the first
    /// <see cref="Retreat"/>.
    /// </summary>
    void BeginRetreat();

    /// <summary>
    /// Step t undone, but for its drift, which is undone already: kick with the session's gradient, unspill, decay; then the drift of step
    /// t − 1. The session's velocity becomes v_t and its weights w_{t-1} (at t = 0 they stay w_0).
    /// </summary>
    void Retreat(Step step);

    /// <summary>The hash of X, per replica.</summary>
    ulong[] HashPositions();

    /// <summary>The hash of V, per replica.</summary>
    ulong[] HashVelocities();

    /// <summary>Whether X, V and s are what <see cref="Start"/> made them.</summary>
    bool EqualsStart();

    /// <summary>The bytes in all planes at the run's end, per replica.</summary>
    long SpilledBytes { get; }

    /// <summary>Copies X of one replica out, [weights].</summary>
    void CopyPositions(int replica, Span<long> destination);

    /// <summary>Copies V of one replica out, [weights].</summary>
    void CopyVelocities(int replica, Span<long> destination);

    /// <summary>Copies s of one replica out, [weights].</summary>
    void CopyDigits(int replica, Span<ushort> destination);

    /// <summary>
    /// Copies the byte planes of one replica and momentum group out: plane after plane, in each one byte per weight of the group.
    /// </summary>
    byte[] CopyPlanes(int replica, int group);
}
