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
        Run(replica, tile, undo: false) ? weights.OutOfRange : null;

    public override void Undo(int step, int replica, in WeightTile tile) => Run(replica, tile, undo: true);

    public override void Dispose()
    {
        foreach (var ring in rings)
            ring.Dispose();
    }

    // Whether a weight left its range.
    private bool Run(int replica, in WeightTile tile, bool undo)
    {
        long* x = weights.Upper.Replica(replica) + tile.Start, m = first.Upper.Replica(replica) + tile.Start;
        if (second is null)
            return DriftLoops.AlongSlot(x, m, rings[0].At(tile), tile.Count, undo);
        var at = new AdamCursors
        {
            Factor = rings[0].At(tile),
            FirstCorrection = rings[1].At(tile),
            SecondCorrection = rings[2].At(tile),
            Epsilon = rings[3].At(tile),
        };
        long* upper = second.Upper.Replica(replica) + tile.Start, lower = second.Lower!.Replica(replica) + tile.Start;
        return DriftLoops.AlongAdam(x, m, upper, lower, at, tile.Count, undo);
    }
}
