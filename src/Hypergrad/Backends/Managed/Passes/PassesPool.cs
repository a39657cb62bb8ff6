using System.Collections.Concurrent;
using System.Numerics;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Passes;

/// <summary>Buffers for the passes, as many as replicas are worked on at once.</summary>
internal sealed class PassesPool<T>(Mlp model, int capacity, Workers workers) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ConcurrentBag<MlpPasses<T>> idle = [];

    public MlpPasses<T> Rent() => idle.TryTake(out var passes) ? passes : new(model, capacity, workers);

    public void Return(MlpPasses<T> passes) => idle.Add(passes);

    public void Dispose()
    {
        while (idle.TryTake(out var passes))
            passes.Dispose();
    }
}
