using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>The passes of a session: each replica its own batch, its own weights.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    public void EvaluateGradient(Step step)
    {
        work.Do();
        if (kept?.Has(step.Number) == true)
        {
            for (int replica = 0; replica < Run.Replicas; replica++)
            {
                batches[replica] = minibatches.Indices(step.Number, replica);
                current[replica] = kept.PassesOf(step.Number, replica, passes[replica]);
            }
            kept.Recall(step.Number, gradient, work);
            return;
        }
        bool keeps = kept?.Covers(step.Number) == true;
        ForEachReplica((replica, main) =>
        {
            current[replica] = keeps ? kept!.PassesOf(step.Number, replica, main) : main;
            EvaluateGradient(step, replica, current[replica]);
        });
        AddPenalties(step);
        if (keeps)
            kept!.Keep(step.Number, gradient, work);
    }

    public int KeepEvaluations(long bytes)
    {
        int steps = (int)Math.Min(Run.Steps, bytes / KeptEvaluations<T>.BytesOfStep(Run));
        kept?.Dispose();
        kept = steps > 0 ? new(Run, steps) : null;
        return steps;
    }

    /// <summary>Training begins: what was kept of an earlier one is given up.</summary>
    internal void ForgetEvaluations() => kept?.Clear();

    public void EvaluateTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data)
    {
        work.Do();
        var gathered = (ManagedDataVector?)data;
        ForEachReplica((replica, _) =>
        {
            var network = current[replica];
            var context = ContextOf(step, replica);
            context.Direction = At(direction, replica);
            context.HessianProduct = At(hessianProduct, replica);
            context.WantsInputs = gathered is { HasInputs: true };
            network.TangentForward(context);
            network.EvaluateLossTangent();
            network.TangentBackward(context);
            if (gathered is null)
                return;
            int[] batch = batches[replica];
            if (gathered.HasInputs)
                gathered.AddInputs(replica, batch, network.InputGradientTangent);
            gathered.AddTargets(replica, batch, network.TargetTangent, network.RowFactors);
            gathered.AddWeights(replica, batch, network.LossTangents);
        });
        if (penalties.Any)
            work.ForEachTile((replica, in tile, _) => penalties.AddHessianProduct(
                tile, At(direction, replica) + tile.Start, At(hessianProduct, replica) + tile.Start));
    }

    public Evaluation[] Evaluate(Dataset data, IVector? gradient = null)
    {
        Runs.RawRun.RequireFit(Run.Network, data, "evaluation");
        work.Do();
        var results = new Evaluation[Run.Replicas];
        ForEachReplica((replica, network) =>
        {
            double loss = 0;
            long errors = 0;
            var rows = new int[Math.Min(network.Capacity, data.Count)];
            for (int start = 0; start < data.Count; start += rows.Length)
            {
                cancellation.ThrowIfCancellationRequested();
                int size = Math.Min(rows.Length, data.Count - start);
                for (int i = 0; i < size; i++)
                    rows[i] = start + i;
                network.Load(data, rows.AsMemory(0, size));
                network.Factors.Fill(T.One / T.CreateTruncating(data.Count));
                var context = new PassContext<T> { Batch = size, Weights = weights.Replica(replica), Replica = replica };
                network.Forward(context);
                network.EvaluateLoss();
                loss += Sum(network.Losses);
                errors += network.CountErrors();
                if (gradient is not null)
                {
                    context.Gradient = At(gradient, replica);
                    context.Accumulate = start > 0;
                    network.Backward(context);
                }
            }
            double decisions = (double)data.Count * Run.Network.OutputShape.Positions;
            results[replica] = new(loss / data.Count, Run.Network.Loss == Loss.Squared ? double.NaN : errors / decisions);
        });
        return results;
    }

    private void EvaluateGradient(Step step, int replica, NetworkPasses<T> network)
    {
        int[] batch = batches[replica] = minibatches.Indices(step.Number, replica);
        double[]? exampleWeights = Run.ExampleWeights;
        network.Load(Run.Training, batch);
        var factors = network.Factors;
        for (int row = 0; row < batch.Length; row++)
            factors[row] = T.CreateTruncating((exampleWeights is null ? 1 : exampleWeights[batch[row]]) / batch.Length);
        var context = ContextOf(step, replica);
        network.Forward(context);
        network.EvaluateLoss();
        network.Backward(context);
        double loss = 0;
        for (int row = 0; row < batch.Length; row++)
            loss += (exampleWeights is null ? 1 : exampleWeights[batch[row]]) * network.Losses[row];
        trainingLosses[replica * Run.Steps + step.Number] = loss / batch.Length;
    }

    private PassContext<T> ContextOf(Step step, int replica) => new()
    {
        Batch = batches[replica].Length,
        Weights = weights.Replica(replica),
        Gradient = gradient.Replica(replica),
        IsTraining = true,
        Step = step.Number,
        Replica = replica,
    };

    private void AddPenalties(Step step)
    {
        if (!penalties.Any)
            return;
        // Each tile sums by itself; the sums are then added in the order of the tiles.
        penaltyLosses ??= new double[Run.Replicas * tiles.Length];
        work.Claim(penaltyLosses);
        work.ForEachTile((replica, in tile, index) =>
        {
            T* w = weights.Replica(replica) + tile.Start;
            penaltyLosses[replica * tiles.Length + index] = penalties.Loss(tile, w);
            penalties.AddGradient(tile, w, gradient.Replica(replica) + tile.Start);
        }, () =>
        {
            for (int item = 0; item < penaltyLosses.Length; item++)
                trainingLosses[item / tiles.Length * Run.Steps + step.Number] += penaltyLosses[item];
        });
    }

    private double[]? penaltyLosses;

    // A replica keeps what its passes left: the tangents follow the gradient of the same step.
    private void ForEachReplica(Action<int, NetworkPasses<T>> body) => workers.For(Run.Replicas, replica => body(
        replica, passes[replica] ??= new(Run.Network, Math.Max(SmallestCapacity, minibatches.MaximumBatchSize), workers, Run.Seed)));

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
