using System.Numerics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Backends.Managed.Updates;

namespace Hypergrad.Backends.Managed;

/// <summary>A vector of one number per weight and replica; each replica begins on a cache line.</summary>
internal sealed unsafe class ManagedVector<T> : INormedVector where T : unmanaged, INumberBase<T>
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

    public double SquaredNorm(int replica)
    {
        if (work is null)
            return RingFormulas.Dot(Replica(replica), Replica(replica), count);
        var sums = new double[work.Tiles];
        work.ForEachTile((other, in tile, index) =>
        {
            T* numbers = Replica(replica) + tile.Start;
            if (other == replica)
                sums[index] = RingFormulas.Dot(numbers, numbers, tile.Count);
        });
        work.Do();
        return sums.Sum();
    }

    public void Dispose() => buffer.Dispose();
}
