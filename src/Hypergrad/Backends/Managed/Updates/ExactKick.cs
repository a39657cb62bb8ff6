using Hypergrad.Arithmetic;
using Hypergrad.Optimizers;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>x ← x + trunc(c·g·2⁵²), or for second moments s ← s + round(c·g²·2⁹⁶).</summary>
internal sealed unsafe class ExactKick<T>(Coefficient coefficient, ExactNumbers numbers, ManagedVector<T> gradient) : ExactUpdate
    where T : unmanaged, System.Numerics.INumberBase<T>
{
    private const string BadGradient = "a gradient is not finite or too large for the fixed-point range";

    private readonly CoefficientRing<double> ring = new(coefficient.Grouping);
    private readonly double[] scratch = new double[coefficient.Grouping.Count];

    public override void Prepare(int step)
    {
        double scale = numbers.Slot.IsSecondMoment ? 1 : FixedPoint.One;
        for (int group = 0; group < scratch.Length; group++)
            scratch[group] = coefficient.Row(step)[group] * scale;
        ring.Fill(scratch);
    }

    public override string? Advance(int step, int replica, in WeightTile tile)
    {
        var faults = Run(replica, tile, undo: false);
        return faults.OfChange ? BadGradient : faults.OfSum ? numbers.OutOfRange : null;
    }

    public override void Undo(int step, int replica, in WeightTile tile) => Run(replica, tile, undo: true);

    public override void Dispose() => ring.Dispose();

    private KickFaults Run(int replica, in WeightTile tile, bool undo)
    {
        T* g = gradient.Replica(replica) + tile.Start;
        long* upper = numbers.Upper.Replica(replica) + tile.Start;
        long* lower = numbers.Lower is { } words ? words.Replica(replica) + tile.Start : null;
        return KickLoops.Run(g, upper, lower, ring.At(tile), tile.Count, undo);
    }
}
