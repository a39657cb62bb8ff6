using System.Numerics;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed;

/// <summary>A vector of one number per weight and replica; each replica begins on a cache line.</summary>
internal sealed unsafe class ManagedVector<T> : IVector where T : unmanaged, INumberBase<T>
{
    private readonly NativeBuffer<T> buffer;
    private readonly int count;
    private readonly long stride;

    public ManagedVector(int replicas, int count)
    {
        this.count = count;
        stride = (count + 15L) / 16 * 16;
        buffer = new(replicas * stride);
    }

    public T* Replica(int replica) => buffer.Pointer + replica * stride;

    public void CopyTo(int replica, Span<double> destination)
    {
        IVector.Check(destination, count);
        T* source = Replica(replica);
        for (int i = 0; i < count; i++)
            destination[i] = double.CreateTruncating(source[i]);
    }

    public void Dispose() => buffer.Dispose();
}
