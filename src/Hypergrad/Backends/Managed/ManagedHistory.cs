using System.Numerics;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed;

/// <summary>Saved states, weights and slots: plain copies.</summary>
internal sealed unsafe class ManagedHistory<T> : IStateHistory where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TileWork work;
    private readonly int replicas, count;
    private readonly ManagedVector<T>[] live;
    private readonly NativeBuffer<T> saved;

    public ManagedHistory(ManagedSession<T> session, int states)
    {
        work = session.Work;
        (replicas, count) = (session.Run.Replicas, session.Run.Network.ParameterCount);
        live = [(ManagedVector<T>)session.Weights, .. session.Slots.Cast<ManagedVector<T>>()];
        saved = new((long)live.Length * states * replicas * count);
    }

    public void Save(Step number) => work.ForEachTile((replica, in tile, _) =>
    {
        for (int vector = 0; vector < live.Length; vector++)
            Live(vector, replica, tile).CopyTo(Saved(number, vector, replica, tile));
    });

    public void LoadWeights(Step number) => Load(number, 0, 1);

    public void LoadSlots(Step number) => Load(number, 1, live.Length);

    public void Dispose() => saved.Dispose();

    private void Load(Step number, int first, int end) => work.ForEachTile((replica, in tile, _) =>
    {
        for (int vector = first; vector < end; vector++)
            Saved(number, vector, replica, tile).CopyTo(Live(vector, replica, tile));
    });

    private Span<T> Live(int vector, int replica, in WeightTile tile) => new(live[vector].Replica(replica) + tile.Start, tile.Count);

    private Span<T> Saved(Step number, int vector, int replica, in WeightTile tile) =>
        new(saved.Pointer + (((long)number.Number * live.Length + vector) * replicas + replica) * count + tile.Start, tile.Count);
}
