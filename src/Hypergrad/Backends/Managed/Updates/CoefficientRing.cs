using System.Numerics;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// A coefficient per group of weights, laid out so that a vector of it loads anywhere: for each tensor its pattern of groups once round and
/// one vector further. A shared value and a value per unit thus go through the same loop.
/// </summary>
internal sealed unsafe class CoefficientRing<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    private readonly WeightGrouping grouping;
    private readonly int[] offsets;
    private readonly NativeBuffer<T> buffer;

    public CoefficientRing(WeightGrouping grouping)
    {
        this.grouping = grouping;
        int tensors = grouping.Network.Tensors.Count, length = 0;
        offsets = new int[tensors];
        for (int t = 0; t < tensors; t++)
        {
            offsets[t] = length;
            length += PeriodOf(t) + Vector512<T>.Count;
        }
        buffer = new(length);
    }

    /// <summary>Takes the coefficients of one step, [groups].</summary>
    public void Fill(ReadOnlySpan<T> values)
    {
        for (int t = 0; t < offsets.Length; t++)
        {
            var pattern = grouping.Pattern(t);
            int period = PeriodOf(t);
            T* ring = buffer.Pointer + offsets[t];
            for (int i = 0; i < period; i++)
                ring[i] = values[pattern.GroupOf(i)];
            for (int i = period; i < period + Vector512<T>.Count; i++)
                ring[i] = ring[i - period];
        }
    }

    /// <summary>Where the coefficients of a tile begin.</summary>
    public RingCursor<T> At(in WeightTile tile)
    {
        int period = PeriodOf(tile.Tensor);
        return new(buffer.Pointer + offsets[tile.Tensor], period, tile.Within % period);
    }

    public void Dispose() => buffer.Dispose();

    private int PeriodOf(int tensor) => grouping.Pattern(tensor).Period * grouping.Pattern(tensor).Divisor;
}
