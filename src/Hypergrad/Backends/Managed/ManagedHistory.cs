using System.Numerics;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed;

/// <summary>Saved states, weights and slots: plain copies.</summary>
internal sealed unsafe class ManagedHistory<T>(
    int states, int replicas, int count, ManagedVector<T> weights, IReadOnlyList<ManagedVector<T>> slots) : IStateHistory
    where T : unmanaged, INumberBase<T>
{
    private readonly NativeBuffer<T> saved = new((1L + slots.Count) * states * replicas * count);

    public void Save(Step number)
    {
        for (int vector = 0; vector <= slots.Count; vector++)
            for (int replica = 0; replica < replicas; replica++)
                new Span<T>(Live(vector, replica), count).CopyTo(Saved(number, vector, replica));
    }

    public void LoadWeights(Step number) => Load(number, 0);

    public void LoadSlots(Step number)
    {
        for (int vector = 1; vector <= slots.Count; vector++)
            Load(number, vector);
    }

    public void Dispose() => saved.Dispose();

    private void Load(Step number, int vector)
    {
        for (int replica = 0; replica < replicas; replica++)
            Saved(number, vector, replica).CopyTo(new(Live(vector, replica), count));
    }

    private T* Live(int vector, int replica) => (vector == 0 ? weights : slots[vector - 1]).Replica(replica);

    private Span<T> Saved(Step number, int vector, int replica) =>
        new(saved.Pointer + (((long)number.Number * (1 + slots.Count) + vector) * replicas + replica) * count, count);
}
