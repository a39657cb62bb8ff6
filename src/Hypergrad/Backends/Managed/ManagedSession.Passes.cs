using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Passes;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>The passes of a session: each replica its own batch, its own weights.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    public void EvaluateGradient(Step step)
    {
        ForEachReplica((replica, network) => EvaluateGradient(step, replica, network));
        AddPenalties(step, null, null);
    }

    public void EvaluateGradientAndTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data)
    {
        ForEachReplica((replica, network) =>
        {
            int[] batch = EvaluateGradient(step, replica, network);
            T* w = weights.Replica(replica), u = At(direction, replica);
            network.TangentForward(w, u);
            network.EvaluateLossTangent();
            network.TangentBackward(w, u, At(hessianProduct, replica));
            if (data is ManagedDataVector gathered)
            {
                if (gathered.HasInputs)
                    gathered.SubtractInputs(replica, batch, network.InputGradientTangent(w, u));
                gathered.SubtractTargets<T>(replica, batch, network.TargetTangent, network.Factors);
                gathered.SubtractWeights(replica, batch, network.LossTangents);
            }
        });
        AddPenalties(step, direction, hessianProduct);
    }

    public Evaluation[] Evaluate(Dataset data, IVector? gradient = null)
    {
        Runs.TrainingRun.RequireFitting(Run.Model, data, "evaluation");
        var results = new Evaluation[Run.Replicas];
        ForEachReplica((replica, network) =>
        {
            double loss = 0;
            long errors = 0;
            var rows = new int[Math.Min(network.Capacity, data.Count)];
            for (int start = 0; start < data.Count; start += rows.Length)
            {
                int size = Math.Min(rows.Length, data.Count - start);
                for (int i = 0; i < size; i++)
                    rows[i] = start + i;
                network.Load(data, rows.AsMemory(0, size));
                network.Factors.Fill(T.One / T.CreateTruncating(data.Count));
                network.Forward(weights.Replica(replica));
                network.EvaluateLoss();
                loss += Sum(network.Losses);
                errors += network.CountErrors();
                if (gradient is not null)
                    network.Backward(weights.Replica(replica), At(gradient, replica), accumulate: start > 0);
            }
            double rate = Run.Model.Loss == Loss.Squared ? double.NaN : errors / (double)data.Count;
            results[replica] = new(loss / data.Count, rate);
        });
        return results;
    }

    private int[] EvaluateGradient(Step step, int replica, MlpPasses<T> network)
    {
        int[] batch = minibatches.Indices(step.Number, replica);
        network.Load(training, batch);
        var factors = network.Factors;
        for (int row = 0; row < batch.Length; row++)
            factors[row] = T.CreateTruncating((exampleWeights is null ? 1 : exampleWeights[batch[row]]) / batch.Length);
        T* w = weights.Replica(replica);
        network.Forward(w);
        network.EvaluateLoss();
        network.Backward(w, gradient.Replica(replica), accumulate: false);
        double loss = 0;
        for (int row = 0; row < batch.Length; row++)
            loss += (exampleWeights is null ? 1 : exampleWeights[batch[row]]) * network.Losses[row];
        trainingLosses[replica * Run.Steps + step.Number] = loss / batch.Length;
        return batch;
    }

    private void AddPenalties(Step step, IVector? direction, IVector? hessianProduct)
    {
        if (!penalties.Any)
            return;
        // Each tile sums by itself; the sums are then added in the order of the tiles.
        var losses = new double[Run.Replicas * tiles.Length];
        workers.For(losses.Length, item =>
        {
            int replica = item / tiles.Length;
            var tile = tiles[item % tiles.Length];
            T* w = weights.Replica(replica) + tile.Start;
            losses[item] = penalties.Loss(tile, w);
            penalties.AddGradient(tile, w, gradient.Replica(replica) + tile.Start);
            if (direction is not null && hessianProduct is not null)
                penalties.AddHessianProduct(tile, At(direction, replica) + tile.Start, At(hessianProduct, replica) + tile.Start);
        });
        for (int item = 0; item < losses.Length; item++)
            trainingLosses[item / tiles.Length * Run.Steps + step.Number] += losses[item];
    }

    private void ForEachReplica(Action<int, MlpPasses<T>> body) => workers.For(Run.Replicas, replica =>
    {
        var network = passes.Rent();
        try
        {
            body(replica, network);
        }
        finally
        {
            passes.Return(network);
        }
    });

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }

    private readonly struct Difference : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) => a - b;
    }
}
