using System.Numerics;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed;

/// <summary>Saved states (w, v): plain copies.</summary>
internal sealed unsafe class ManagedHistory<T>(
    int slots, int replicas, int count, ManagedVector<T> weights, ManagedVector<T> velocity) : IStateHistory
    where T : unmanaged, INumberBase<T>
{
    private readonly NativeBuffer<T> saved = new(2L * slots * replicas * count);

    public void Save(Step slot) => ForEach(slot, (vector, at) => vector.CopyTo(at));

    public void LoadWeights(Step slot) => ForEach(slot, (vector, at) => at.CopyTo(vector), velocityToo: false);

    public void LoadVelocity(Step slot) => ForEach(slot, (vector, at) => at.CopyTo(vector), weightsToo: false);

    public void Dispose() => saved.Dispose();

    private delegate void Transfer(Span<T> vector, Span<T> saved);

    private void ForEach(Step slot, Transfer transfer, bool weightsToo = true, bool velocityToo = true)
    {
        for (int replica = 0; replica < replicas; replica++)
        {
            T* at = saved.Pointer + 2L * ((long)slot.Number * replicas + replica) * count;
            if (weightsToo)
                transfer(new(weights.Replica(replica), count), new(at, count));
            if (velocityToo)
                transfer(new(velocity.Replica(replica), count), new(at + count, count));
        }
    }
}
