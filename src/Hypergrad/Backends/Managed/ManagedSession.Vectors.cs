using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed;

/// <summary>The vector work of a session, tile by tile.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    public void Copy(IVector source, IVector target) => work.ForEachTile((replica, in tile, _) =>
        new Span<T>(At(source, replica) + tile.Start, tile.Count).CopyTo(new(At(target, replica) + tile.Start, tile.Count)));

    public void Clear(IVector target) => work.ForEachTile((replica, in tile, _) =>
        new Span<T>(At(target, replica) + tile.Start, tile.Count).Clear());

    public void Add(IVector source, IVector target) => work.ForEachTile((replica, in tile, _) =>
    {
        T* to = At(target, replica) + tile.Start, from = At(source, replica) + tile.Start;
        Elementwise.Add(to, from, to, tile.Count);
    });

    public void AddPenaltyTangent(IVector direction, IVector? l2, IVector? l1)
    {
        if (l2 is null && l1 is null)
            return;
        work.ForEachTile((replica, in tile, _) =>
        {
            T* w = weights.Replica(replica) + tile.Start, u = At(direction, replica) + tile.Start;
            if (l2 is not null)
                ManagedPenalties<T>.AddL2Tangent(tile, w, u, At(l2, replica) + tile.Start);
            if (l1 is not null)
                ManagedPenalties<T>.AddL1Tangent(tile, w, u, At(l1, replica) + tile.Start);
        });
    }

    /// <summary>The work on the tiles of the weights, which a pass over the network does first if it was put off.</summary>
    internal TileWork Work => work;

    private static T* At(IVector vector, int replica) => ((ManagedVector<T>)vector).Replica(replica);
}
