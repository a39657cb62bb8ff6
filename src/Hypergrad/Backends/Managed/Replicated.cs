using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed;

/// <summary>Something that each replica of a <see cref="ReplicatedSession{T}"/> has one of.</summary>
/// <param name="parts">The replicas', each of which is replica 0 of its own session.</param>
internal abstract class Replicated<TPart>(TPart[] parts) : IDisposable where TPart : IDisposable
{
    /// <summary>The replicas'.</summary>
    protected TPart[] Parts { get; } = parts;

    /// <summary>A replica's.</summary>
    public TPart this[int replica] => Parts[replica];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in Parts)
            part.Dispose();
    }
}

/// <inheritdoc/>
internal sealed class ReplicatedVector(INormedVector[] parts) : Replicated<INormedVector>(parts), INormedVector
{
    public double SquaredNorm(int replica) => Parts[replica].SquaredNorm(0);

    public void CopyTo(int replica, Span<double> destination) => Parts[replica].CopyTo(0, destination);
}

/// <inheritdoc/>
internal sealed class ReplicatedCoefficientVector(ICoefficientVector[] parts) : Replicated<ICoefficientVector>(parts), ICoefficientVector
{
    public double[] ToArray(int replica) => Parts[replica].ToArray(0);
}

/// <inheritdoc/>
internal sealed class ReplicatedDataVector(IDataVector[] parts) : Replicated<IDataVector>(parts), IDataVector
{
    public double[]? ToArray(Quantity quantity, int replica) => Parts[replica].ToArray(quantity, 0);
}

/// <inheritdoc/>
/// <param name="forEach">Does something for every replica, or the one whose turn it is.</param>
/// <param name="parts">The replicas'.</param>
internal sealed class ReplicatedHistory(Action<Action<int>> forEach, IStateHistory[] parts)
    : Replicated<IStateHistory>(parts), IStateHistory
{
    public void Save(Step number) => forEach(replica => Parts[replica].Save(number));

    public void LoadWeights(Step number) => forEach(replica => Parts[replica].LoadWeights(number));

    public void LoadSlots(Step number) => forEach(replica => Parts[replica].LoadSlots(number));
}

/// <inheritdoc/>
/// <param name="forEach">Does something for every replica, or the one whose turn it is.</param>
/// <param name="parts">The replicas'.</param>
internal sealed class ReplicatedLinePath(Action<Action<int>> forEach, ILinePath[] parts) : Replicated<ILinePath>(parts), ILinePath
{
    public void SaveKnot(int knot) => forEach(replica => Parts[replica].SaveKnot(knot));

    public void RecallWeights(Step step) => forEach(replica => Parts[replica].RecallWeights(step));

    public void RecallVelocity(Step step) => forEach(replica => Parts[replica].RecallVelocity(step));

    public void RecallLastVelocity() => forEach(replica => Parts[replica].RecallLastVelocity());
}

/// <inheritdoc/>
/// <param name="forEach">Does something for every replica, or the one whose turn it is.</param>
/// <param name="parts">The replicas'.</param>
internal sealed class ReplicatedState(Action<Action<int>> forEach, IReversibleState[] parts)
    : Replicated<IReversibleState>(parts), IReversibleState
{
    public long SpilledBytes => Parts[0].SpilledBytes;

    public long ResidentBytes => Parts[0].ResidentBytes;

    public void Start() => forEach(replica => Parts[replica].Start());

    public void Advance(Step step) => forEach(replica => Parts[replica].Advance(step));

    public void BeginRetreat() => forEach(replica => Parts[replica].BeginRetreat());

    public void RetreatWeights(Step step) => forEach(replica => Parts[replica].RetreatWeights(step));

    public void RetreatSlots(Step step) => forEach(replica => Parts[replica].RetreatSlots(step));

    public ulong[] Hash()
    {
        var hashes = new ulong[Parts.Length];
        forEach(replica => hashes[replica] = Parts[replica].Hash()[0]);
        return hashes;
    }

    public bool EqualsStart()
    {
        var equal = new bool[Parts.Length];
        forEach(replica => equal[replica] = Parts[replica].EqualsStart());
        return equal.All(one => one);
    }

    public void CopyNumbers(int slot, int replica, Span<long> destination) => Parts[replica].CopyNumbers(slot, 0, destination);

    public void CopyLowerWords(int slot, int replica, Span<ulong> destination) => Parts[replica].CopyLowerWords(slot, 0, destination);

    public void CopyStores(int decay, int replica, Span<uint> destination) => Parts[replica].CopyStores(decay, 0, destination);

    public byte[] CopyPlanes(int decay, int replica, int group) => Parts[replica].CopyPlanes(decay, 0, group);
}
