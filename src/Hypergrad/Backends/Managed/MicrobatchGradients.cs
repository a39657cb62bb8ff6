using System.Numerics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed;

/// <summary>The gradients of microbatches: the first is made where the sum is wanted, the others are kept here until it is.</summary>
internal sealed unsafe class MicrobatchGradients<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    private readonly int others;
    private readonly ManagedVector<T>? partial;
    private readonly TileWork work;

    /// <param name="count">Microbatches of a minibatch.</param>
    /// <param name="replicas">Replicas.</param>
    /// <param name="weights">Weights of the network.</param>
    /// <param name="work">Where the sum is taken.</param>
    public MicrobatchGradients(int count, int replicas, int weights, TileWork work)
    {
        (others, this.work) = (count - 1, work);
        partial = others > 0 ? new(replicas * others, weights) : null;
    }

    /// <summary>Where a microbatch's gradient goes.</summary>
    /// <param name="sum">The replica's part of the vector that is to hold the sum.</param>
    /// <param name="replica">The replica.</param>
    /// <param name="index">The microbatch.</param>
    public T* Of(T* sum, int replica, int index) => index == 0 ? sum : partial!.Replica(replica * others + index - 1);

    /// <summary>Adds those of all microbatches up.</summary>
    /// <param name="sum">Has those of the first.</param>
    /// <param name="used">How many microbatches there were.</param>
    public void Sum(ManagedVector<T> sum, int used)
    {
        if (used < 2)
            return;
        work.ForEachTile((replica, in tile, _) =>
        {
            T* target = sum.Replica(replica) + tile.Start;
            for (int index = 1; index < used; index++)
                Elementwise.Add(target, Of(target, replica, index) + tile.Start, target, tile.Count);
        });
    }

    public void Dispose() => partial?.Dispose();
}
