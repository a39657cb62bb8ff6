using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed;

/// <summary>The vector work of a session, tile by tile.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    /// <summary>What is done to one tile of one replica; the tile comes with its number.</summary>
    internal delegate void TileAction(int replica, in WeightTile tile, int index);

    public void Copy(IVector source, IVector target)
    {
        for (int replica = 0; replica < Run.Replicas; replica++)
            new Span<T>(At(source, replica), count).CopyTo(new(At(target, replica), count));
    }

    public void Clear(IVector target)
    {
        for (int replica = 0; replica < Run.Replicas; replica++)
            new Span<T>(At(target, replica), count).Clear();
    }

    public void Add(IVector source, IVector target) => ForEachTile((replica, in tile, _) =>
    {
        T* to = At(target, replica) + tile.Start, from = At(source, replica) + tile.Start;
        Elementwise.Add(to, from, to, tile.Count);
    });

    public void AddPenaltyTangent(IVector direction, IVector? l2, IVector? l1)
    {
        if (l2 is null && l1 is null)
            return;
        ForEachTile((replica, in tile, _) =>
        {
            T* w = weights.Replica(replica) + tile.Start, u = At(direction, replica) + tile.Start;
            if (l2 is not null)
                ManagedPenalties<T>.AddL2Tangent(tile, w, u, At(l2, replica) + tile.Start);
            if (l1 is not null)
                ManagedPenalties<T>.AddL1Tangent(tile, w, u, At(l1, replica) + tile.Start);
        });
    }

    /// <summary>Does something to every tile of every replica, in any order.</summary>
    internal void ForEachTile(TileAction action) => workers.For(
        Run.Replicas * tiles.Length, item => action(item / tiles.Length, tiles[item % tiles.Length], item % tiles.Length));

    private static T* At(IVector vector, int replica) => ((ManagedVector<T>)vector).Replica(replica);
}
