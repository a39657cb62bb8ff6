using Hypergrad.Backends;

namespace Hypergrad.Trajectories;

/// <summary>Landmarks of a state that tells its hash, kept and compared here.</summary>
internal sealed class HashedLandmarks(IReversibleState state, int count) : ILandmarks
{
    private readonly ulong[]?[] hashes = new ulong[]?[count];
    private int? firstUnmet;

    public bool TellsAtOnce => true;

    public void Set(int number) => hashes[number] = state.Hash();

    public void Meet(int number)
    {
        if (!state.Hash().AsSpan().SequenceEqual(hashes[number] ?? throw new InvalidOperationException($"Landmark {number} was not set.")))
            firstUnmet ??= number;
    }

    public int? FirstUnmet() => firstUnmet;

    public void Dispose()
    {
    }
}
