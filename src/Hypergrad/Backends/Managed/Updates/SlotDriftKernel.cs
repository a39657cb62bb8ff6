using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>A drift along a slot, ψ = v.</summary>
/// <param name="weights">w.</param>
/// <param name="slot">v.</param>
/// <param name="slotIndex">Which slot it is.</param>
/// <param name="coefficients">All coefficients.</param>
/// <param name="factor">Which of them is a.</param>
internal sealed unsafe class SlotDriftKernel<T>(
    ManagedVector<T> weights, ManagedVector<T> slot, int slotIndex, ManagedCoefficients<T> coefficients, int factor) : DriftKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool Advance(int replica, in WeightTile tile) => Advance(
        coefficients[factor].At(tile), slot.Replica(replica) + tile.Start, weights.Replica(replica) + tile.Start, tile.Count);

    public override void PullBack(
        int replica, in WeightTile tile, int tileIndex, ManagedVector<T> weightAdjoint, ManagedVector<T>[] slotAdjoints,
        ManagedCoefficientVector?[] gathered)
    {
        T* wBar = weightAdjoint.Replica(replica) + tile.Start;
        if (gathered[factor] is { } table)
        {
            var sums = table.SumsOf(replica, tileIndex, out int start);
            RingFormulas.Dot(wBar, slot.Replica(replica) + tile.Start, tile.Count, sums, start);
        }
        T* vBar = slotAdjoints[slotIndex].Replica(replica) + tile.Start;
        RingFormulas.Multiply(coefficients[factor].At(tile), wBar, vBar, tile.Count, add: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Advance(RingCursor<T> factors, T* slot, T* weight, int count)
    {
        int width = Vector512<T>.Count;
        var suspect = Vector512<T>.Zero;
        for (int i = 0; i < count; i += width, factors.Advance(width))
        {
            int rest = Math.Min(width, count - i);
            bool whole = rest == width;
            var v = whole ? Vector512.Load(slot + i) : Elementwise.Load(slot + i, rest);
            var w = whole ? Vector512.Load(weight + i) : Elementwise.Load(weight + i, rest);
            w = VectorMath.MultiplyAdd(factors.Current, v, w);
            suspect |= w - w;
            if (whole)
                w.Store(weight + i);
            else
                Elementwise.Store(w, weight + i, rest);
        }
        return Vector512.EqualsAll(suspect, Vector512<T>.Zero);
    }
}
