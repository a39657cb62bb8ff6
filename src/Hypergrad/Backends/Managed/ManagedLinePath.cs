using System.Numerics;
using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed;

/// <summary>The line from knot to knot: at step t between knots at steps a and b, ŵ_t = w_a + (t − a)/(b − a) · (w_b − w_a).</summary>
internal sealed unsafe class ManagedLinePath<T> : ILinePath where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ManagedSession<T> session;
    private readonly ManagedVector<T> weights, velocity;
    private readonly int[] knots;
    private readonly int count;
    private readonly NativeBuffer<T> saved;
    private readonly double[] inverseLearningRates;

    public ManagedLinePath(ManagedSession<T> session, IReadOnlyList<int> knots)
    {
        this.session = session;
        this.knots = [.. knots];
        (weights, velocity) = ((ManagedVector<T>)session.Weights, (ManagedVector<T>)session.Slots[0]);
        count = session.Run.Network.ParameterCount;
        saved = new((long)knots.Count * session.Run.Replicas * count);
        inverseLearningRates = InverseOf(session);
    }

    public void SaveKnot(int knot) => session.Work.ForEachTile((replica, in tile, _) =>
        new Span<T>(weights.Replica(replica) + tile.Start, tile.Count).CopyTo(new(Knot(knot, replica) + tile.Start, tile.Count)));

    public void RecallWeights(Step step)
    {
        int piece = PieceOf(step.Number);
        T fraction = T.CreateTruncating((step.Number - knots[piece]) / (double)(knots[piece + 1] - knots[piece]));
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            T* from = Knot(piece, replica) + tile.Start, to = Knot(piece + 1, replica) + tile.Start;
            T* target = weights.Replica(replica) + tile.Start;
            for (int i = 0; i < tile.Count; i++)
                target[i] = (T.One - fraction) * from[i] + fraction * to[i];
        });
    }

    public void RecallVelocity(Step step)
    {
        if (step.Number == 0)
        {
            session.Clear(velocity);
            return;
        }
        // The slope of the piece that ends at or after t, over the learning rate of the step that led to t.
        int piece = PieceOf(step.Number - 1), groups = inverseLearningRates.Length / session.Run.Steps;
        double inverseLength = 1.0 / (knots[piece + 1] - knots[piece]);
        var grouping = session.DriftCoefficient.Grouping;
        session.Work.ForEachTile((replica, in tile, _) =>
        {
            T* from = Knot(piece, replica) + tile.Start, to = Knot(piece + 1, replica) + tile.Start;
            T* target = velocity.Replica(replica) + tile.Start;
            var pattern = grouping.Pattern(tile.Tensor);
            for (int i = 0; i < tile.Count; i++)
            {
                double inverse = inverseLearningRates[(step.Number - 1) * groups + pattern.GroupOf(tile.Within + i)];
                target[i] = (to[i] - from[i]) * T.CreateTruncating(inverseLength * inverse);
            }
        });
    }

    public void RecallLastVelocity() => RecallVelocity(new Step(session.Run.Steps));

    public void Dispose() => saved.Dispose();

    private T* Knot(int knot, int replica) => saved.Pointer + ((long)knot * session.Run.Replicas + replica) * count;

    private int PieceOf(int step)
    {
        int piece = 0;
        while (piece < knots.Length - 2 && knots[piece + 1] <= step)
            piece++;
        return piece;
    }

    private static double[] InverseOf(ManagedSession<T> session)
    {
        var table = session.DriftCoefficient;
        var inverses = new double[table.Values.Length];
        for (int i = 0; i < inverses.Length; i++)
            inverses[i] = 1 / table.Values[i];
        return inverses;
    }
}
