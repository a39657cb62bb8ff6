using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// A drift along Adam's direction ψ = m̂/q, m̂ = m/b₁, q = r + ε, r = √(s/b₂). ∂ψ/∂m = 1/(b₁q), ∂ψ/∂s = −m̂/q² · 1/(2rb₂) (0 at s = 0),
/// ∂ψ/∂b₁ = −ψ/b₁, ∂ψ/∂b₂ = m̂r/(2q²b₂), ∂ψ/∂ε = −m̂/q².
/// </summary>
/// <param name="weights">w.</param>
/// <param name="first">m.</param>
/// <param name="second">s.</param>
/// <param name="slots">Which slots m and s are.</param>
/// <param name="coefficients">All coefficients.</param>
/// <param name="places">Which of them are a, b₁, b₂ and ε.</param>
internal sealed unsafe class AdamDriftKernel<T>(
    ManagedVector<T> weights, ManagedVector<T> first, ManagedVector<T> second, (int First, int Second) slots,
    ManagedCoefficients<T> coefficients, (int Factor, int FirstCorrection, int SecondCorrection, int Epsilon) places) : DriftKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override bool Advance(int replica, in WeightTile tile) => Advance(
        CursorsAt(tile), first.Replica(replica) + tile.Start, second.Replica(replica) + tile.Start,
        weights.Replica(replica) + tile.Start, tile.Count);

    [SkipLocalsInit]
    public override void PullBack(
        int replica, in WeightTile tile, int tileIndex, ManagedVector<T> weightAdjoint, ManagedVector<T>[] slotAdjoints,
        ManagedCoefficientVector?[] gathered)
    {
        T* scratch = stackalloc T[4 * WeightTile.Largest];
        T* wBar = weightAdjoint.Replica(replica) + tile.Start;
        PullBack(
            CursorsAt(tile), first.Replica(replica) + tile.Start, second.Replica(replica) + tile.Start, wBar,
            slotAdjoints[slots.First].Replica(replica) + tile.Start, slotAdjoints[slots.Second].Replica(replica) + tile.Start,
            scratch, tile.Count);
        int[] wanted = [places.Factor, places.FirstCorrection, places.SecondCorrection, places.Epsilon];
        for (int i = 0; i < wanted.Length; i++)
            if (gathered[wanted[i]] is { } table)
            {
                var sums = table.SumsOf(replica, tileIndex, out int start);
                RingFormulas.Dot(wBar, scratch + i * WeightTile.Largest, tile.Count, sums, start);
            }
    }

    private Cursors CursorsAt(in WeightTile tile) => new()
    {
        Factor = coefficients[places.Factor].At(tile),
        FirstCorrection = coefficients[places.FirstCorrection].At(tile),
        SecondCorrection = coefficients[places.SecondCorrection].At(tile),
        Epsilon = coefficients[places.Epsilon].At(tile),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Advance(Cursors at, T* first, T* second, T* weight, int count)
    {
        int width = Vector512<T>.Count;
        var suspect = Vector512<T>.Zero;
        for (int i = 0; i < count; i += width, at.Advance(width))
        {
            int rest = Math.Min(width, count - i);
            var m = Load(first + i, rest, width);
            var s = Load(second + i, rest, width);
            var direction = m / at.FirstCorrection.Current
                / (Vector512.Sqrt(s / at.SecondCorrection.Current) + at.Epsilon.Current);
            var w = VectorMath.MultiplyAdd(at.Factor.Current, direction, Load(weight + i, rest, width));
            suspect |= w - w;
            Store(w, weight + i, rest, width);
        }
        return Vector512.EqualsAll(suspect, Vector512<T>.Zero);
    }

    // Leaves, for each number, the derivatives along w̄ of a, b₁, b₂ and ε, w̄ itself left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PullBack(
        Cursors at, T* first, T* second, T* weightAdjoint, T* firstAdjoint, T* secondAdjoint, T* derivatives, int count)
    {
        int width = Vector512<T>.Count;
        var half = VectorMath.Constant<T>(0.5);
        for (int i = 0; i < count; i += width, at.Advance(width))
        {
            int rest = Math.Min(width, count - i);
            Vector512<T> a = at.Factor.Current, b1 = at.FirstCorrection.Current, b2 = at.SecondCorrection.Current;
            var s = Load(second + i, rest, width);
            var root = Vector512.Sqrt(s / b2);
            var q = root + at.Epsilon.Current;
            var corrected = Load(first + i, rest, width) / b1;
            var direction = corrected / q;
            var slope = direction / q;
            var ratio = Vector512.ConditionalSelect(Vector512.Equals(s, Vector512<T>.Zero), Vector512<T>.Zero, half / (root * b2));
            var along = a * Load(weightAdjoint + i, rest, width);
            Store(VectorMath.MultiplyAdd(along, Vector512<T>.One / (b1 * q), Load(firstAdjoint + i, rest, width)),
                firstAdjoint + i, rest, width);
            Store(VectorMath.MultiplyAdd(-along, slope * ratio, Load(secondAdjoint + i, rest, width)), secondAdjoint + i, rest, width);
            Store(direction, derivatives + i, rest, width);
            Store(-(a * direction) / b1, derivatives + WeightTile.Largest + i, rest, width);
            Store(a * slope * root * half / b2, derivatives + 2 * WeightTile.Largest + i, rest, width);
            Store(-(a * slope), derivatives + 3 * WeightTile.Largest + i, rest, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(T* source, int rest, int width) =>
        rest == width ? Vector512.Load(source) : Elementwise.Load(source, rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<T> value, T* target, int rest, int width)
    {
        if (rest == width)
            value.Store(target);
        else
            Elementwise.Store(value, target, rest);
    }

    private struct Cursors
    {
        public RingCursor<T> Factor, FirstCorrection, SecondCorrection, Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Advance(int width)
        {
            Factor.Advance(width);
            FirstCorrection.Advance(width);
            SecondCorrection.Advance(width);
            Epsilon.Advance(width);
        }
    }
}
