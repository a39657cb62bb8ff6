using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed;

/// <summary>A vector of one number per weight and replica; each replica begins on a cache line.</summary>
internal sealed unsafe class ManagedVector<T> : IVector where T : unmanaged, INumberBase<T>
{
    private readonly NativeBuffer<T> buffer;
    private readonly int count;
    private readonly long stride;
    private readonly TileWork? work;

    /// <param name="replicas">Replicas.</param>
    /// <param name="count">Numbers of each.</param>
    /// <param name="work">What may still have to be done to the vector before it is read; null for none.</param>
    public ManagedVector(int replicas, int count, TileWork? work = null)
    {
        (this.count, this.work) = (count, work);
        stride = (count + 15L) / 16 * 16;
        buffer = new(replicas * stride);
    }

    public T* Replica(int replica) => buffer.Pointer + replica * stride;

    /// <summary>The numbers of a tile of one replica.</summary>
    public Span<T> Of(int replica, in WeightTile tile) => new(Replica(replica) + tile.Start, tile.Count);

    public void CopyTo(int replica, Span<double> destination)
    {
        IVector.Check(destination, count);
        work?.Do();
        fixed (double* target = destination)
            Eight.Widen(Replica(replica), target, count);
    }

    public void Dispose() => buffer.Dispose();
}
