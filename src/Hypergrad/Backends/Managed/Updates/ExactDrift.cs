using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>X ← X + trunc(a·ψ·2⁵²), each operation in doubles and rounded once.</summary>
internal sealed unsafe class ExactDrift : ExactUpdate
{
    private readonly ExactNumbers weights, first;
    private readonly ExactNumbers? second;
    private readonly Coefficient[] coefficients;
    private readonly CoefficientRing<double>[] rings;

    /// <param name="drift">The update.</param>
    /// <param name="weights">X.</param>
    /// <param name="slots">The slots of the direction, in its order.</param>
    public ExactDrift(Drift drift, ExactNumbers weights, IReadOnlyList<ExactNumbers> slots)
    {
        this.weights = weights;
        first = slots[0];
        second = drift.Direction is AdamDirection ? slots[1] : null;
        coefficients = [drift.Coefficient, .. drift.Direction.Coefficients];
        rings = [.. coefficients.Select(coefficient => new CoefficientRing<double>(coefficient.Grouping))];
    }

    public override void Prepare(int step)
    {
        for (int i = 0; i < rings.Length; i++)
            rings[i].Fill(coefficients[i].Row(step));
    }

    public override string? Advance(int step, int replica, in WeightTile tile) =>
        Any(Run(replica, tile, undo: false)) ? weights.OutOfRange : null;

    public override void Undo(int step, int replica, in WeightTile tile) => Run(replica, tile, undo: true);

    public override void Dispose()
    {
        foreach (var ring in rings)
            ring.Dispose();
    }

    private Vector512<long> Run(int replica, in WeightTile tile, bool undo)
    {
        long* x = weights.Upper.Replica(replica) + tile.Start, m = first.Upper.Replica(replica) + tile.Start;
        if (second is null)
            return AlongSlot(rings[0].At(tile), x, m, tile.Count, undo);
        var at = new AdamCursors
        {
            Factor = rings[0].At(tile),
            FirstCorrection = rings[1].At(tile),
            SecondCorrection = rings[2].At(tile),
            Epsilon = rings[3].At(tile),
        };
        long* upper = second.Upper.Replica(replica) + tile.Start, lower = second.Lower!.Replica(replica) + tile.Start;
        return AlongAdam(at, x, m, upper, lower, tile.Count, undo);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<long> AlongSlot(RingCursor<double> a, long* position, long* slot, int count, bool undo)
    {
        Vector512<long> outside = default;
        for (int i = 0; i < count; i += 8, a.Advance(8))
        {
            int rest = count - i;
            var drift = a.Current * FixedPointVectors.ToDouble(Eight.Load(slot + i, rest));
            outside |= Move(drift, position + i, rest, undo);
        }
        return outside;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<long> AlongAdam(AdamCursors at, long* position, long* first, long* upper, long* lower, int count, bool undo)
    {
        Vector512<long> outside = default;
        for (int i = 0; i < count; i += 8, at.Advance())
        {
            int rest = count - i;
            var m = FixedPointVectors.ToDouble(Eight.Load(first + i, rest)) * Vector512.Create(1 / FixedPoint.One);
            var s = FixedPointVectors.SecondMomentToDouble(Eight.Load(upper + i, rest), Eight.Load(lower + i, rest));
            var direction = m / at.FirstCorrection.Current / (Vector512.Sqrt(s / at.SecondCorrection.Current) + at.Epsilon.Current);
            outside |= Move(at.Factor.Current * direction * Vector512.Create(FixedPoint.One), position + i, rest, undo);
        }
        return outside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Move(Vector512<double> drift, long* position, int rest, bool undo)
    {
        var outside = FixedPointVectors.OutOfRange(drift);
        var change = FixedPointVectors.Truncate(drift);
        var x = Eight.Load(position, rest);
        var moved = undo ? x - change : x + change;
        Eight.Store(moved, position, rest);
        return outside | (x ^ moved) & (change ^ moved);
    }

    private struct AdamCursors
    {
        public RingCursor<double> Factor, FirstCorrection, SecondCorrection, Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Advance()
        {
            Factor.Advance(8);
            FirstCorrection.Advance(8);
            SecondCorrection.Advance(8);
            Epsilon.Advance(8);
        }
    }
}
