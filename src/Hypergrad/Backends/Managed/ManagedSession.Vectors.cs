using Hypergrad.Backends.Managed.Momentum;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed;

/// <summary>The vector work of a session, tile by tile.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    /// <summary>What is done to one tile of one replica.</summary>
    internal delegate void TileAction(int replica, WeightTile tile);

    public void Copy(IVector source, IVector target)
    {
        for (int replica = 0; replica < Run.Replicas; replica++)
            new Span<T>(At(source, replica), count).CopyTo(new(At(target, replica), count));
    }

    public void Clear(IVector target)
    {
        for (int replica = 0; replica < Run.Replicas; replica++)
            new Span<T>(At(target, replica), count).Clear();
    }

    public void Subtract(IVector source, IVector target) => ForEachTile((replica, tile) =>
    {
        T* to = At(target, replica) + tile.Start, from = At(source, replica) + tile.Start;
        Elementwise.Apply<T, Difference>(to, from, from, from, from, to, tile.Count);
    });

    public void Multiply(StepCoefficient coefficient, Step step, IVector source, IVector target) =>
        Multiply(coefficient, step, source, target, add: false);

    public void MultiplyAdd(StepCoefficient coefficient, Step step, IVector source, IVector target) =>
        Multiply(coefficient, step, source, target, add: true);

    public void GroupDot(IScheduleVector? gradient, Step step, IVector a, IVector b)
    {
        if (gradient is not ManagedScheduleVector table)
            return;
        // Each tile sums by itself; the sums are then added in the order of the tiles.
        var sums = new double[Run.Replicas * tiles.Length][];
        workers.For(sums.Length, item =>
        {
            int replica = item / tiles.Length;
            var tile = tiles[item % tiles.Length];
            int period = table.Grouping.Pattern(tile.Tensor).Period;
            sums[item] = new double[period];
            RingFormulas.Dot(At(a, replica) + tile.Start, At(b, replica) + tile.Start, tile.Count, sums[item], tile.Within % period);
        });
        for (int item = 0; item < sums.Length; item++)
        {
            var row = table.Row(item / tiles.Length, step.Number);
            int first = table.Grouping.Pattern(tiles[item % tiles.Length].Tensor).First;
            for (int i = 0; i < sums[item].Length; i++)
                row[first + i] += sums[item][i];
        }
    }

    public void SubtractPenaltyTangent(IVector direction, IVector? l2, IVector? l1)
    {
        if (l2 is null && l1 is null)
            return;
        ForEachTile((replica, tile) =>
        {
            T* w = weights.Replica(replica) + tile.Start, u = At(direction, replica) + tile.Start;
            if (l2 is not null)
                ManagedPenalties<T>.SubtractL2Tangent(tile, w, u, At(l2, replica) + tile.Start);
            if (l1 is not null)
                ManagedPenalties<T>.SubtractL1Tangent(tile, w, u, At(l1, replica) + tile.Start);
        });
    }

    public void MomentumStep(Step step)
    {
        coefficients.Prepare(step.Number);
        ForEachTile((replica, tile) =>
        {
            bool finite = RingFormulas.MomentumStep(
                coefficients[StepCoefficient.Momentum].At(tile), coefficients[StepCoefficient.MomentumComplement].At(tile),
                coefficients[StepCoefficient.LearningRate].At(tile), gradient.Replica(replica) + tile.Start,
                velocity.Replica(replica) + tile.Start,
                weights.Replica(replica) + tile.Start, tile.Count);
            if (!finite)
                throw new TrainingDivergedException(
                    step.Number, Run.Model.Tensors[tile.Tensor].Name, "a gradient, velocity or weight is not finite");
        });
    }

    /// <summary>Does something to every tile of every replica, in any order.</summary>
    internal void ForEachTile(TileAction action) =>
        workers.For(Run.Replicas * tiles.Length, item => action(item / tiles.Length, tiles[item % tiles.Length]));

    private void Multiply(StepCoefficient coefficient, Step step, IVector source, IVector target, bool add)
    {
        coefficients.Prepare(step.Number);
        ForEachTile((replica, tile) => RingFormulas.Multiply(
            coefficients[coefficient].At(tile), At(source, replica) + tile.Start, At(target, replica) + tile.Start, tile.Count, add));
    }

    private static T* At(IVector vector, int replica) => ((ManagedVector<T>)vector).Replica(replica);
}
