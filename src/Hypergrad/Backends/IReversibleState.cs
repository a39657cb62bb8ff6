namespace Hypergrad.Backends;

/// <summary>
/// The exact state of a run: the weights and slots in fixed point, and an information store with its byte planes for every decay. Every
/// backend's is equal bit for bit, given equal gradients (<see cref="Arithmetic.ReversibleNumber"/> is the specification).
/// </summary>
public interface IReversibleState : IDisposable
{
    /// <summary>X ← w₀, slots and stores ← 0; the session's weights become those of X.</summary>
    void Start();

    /// <summary>The updates of step t with the session's gradient, in their order; the session's weights become w_{t+1}.</summary>
    void Advance(Step step);

    /// <summary>After the last step: the session's slots become those of the state.</summary>
    void BeginRetreat();

    /// <summary>Undoes what step t did to the weights; the session's weights become w_t.</summary>
    void RetreatWeights(Step step);

    /// <summary>Undoes what step t did to the slots, with the session's gradient; the session's slots become those before step t.</summary>
    void RetreatSlots(Step step);

    /// <summary>A hash of weights, slots and stores, per replica.</summary>
    ulong[] Hash();

    /// <summary>
    /// Room for landmarks that are kept where the session computes; null where <see cref="Hash"/> is all there is to take them with.
    /// </summary>
    /// <param name="count">How many, at least 1.</param>
    ILandmarks? NewLandmarks(int count) => null;

    /// <summary>Whether everything is what <see cref="Start"/> made it.</summary>
    bool EqualsStart();

    /// <summary>The bytes in all planes at the run's end, per replica.</summary>
    long SpilledBytes { get; }

    /// <summary>Bytes of all information stores between steps, per replica.</summary>
    long ResidentBytes { get; }

    /// <summary>Copies a slot of one replica out, [weights]: the upper 64 bits of a second moment, all bits of anything else.</summary>
    /// <param name="slot">Its place among the slots; −1 for the weights.</param>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="destination">[weights].</param>
    void CopyNumbers(int slot, int replica, Span<long> destination);

    /// <summary>Copies the lower 64 bits of a second moment of one replica out, [weights].</summary>
    void CopyLowerWords(int slot, int replica, Span<ulong> destination);

    /// <summary>Copies the stores of one decay and replica out, [weights]; zeros where the decay never decays anything.</summary>
    /// <param name="decay">Its place among the decays of the optimizer.</param>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="destination">[weights].</param>
    void CopyStores(int decay, int replica, Span<uint> destination);

    /// <summary>
    /// Copies the byte planes of one decay, replica and group of its coefficient out: plane after plane, in each one byte per weight.
    /// </summary>
    byte[] CopyPlanes(int decay, int replica, int group);
}
