using Hypergrad.Backends.Managed.Operations;
using Hypergrad.Data;
using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed;

/// <summary>The passes of a session: each replica its own batch, its own weights.</summary>
internal sealed unsafe partial class ManagedSession<T>
{
    // Where u does not depend on g, and the evaluation is not kept, g is put off until Hu is asked for, and both are evaluated together:
    // one fork and join, and what the passes of a microbatch wrote is in the cache when its tangents are taken. What was to follow g then
    // follows both.
    private Step awaitedStep;
    private Action? afterGradient;
    private long evaluations;

    public void EvaluateGradient(Step step)
    {
        if (work.Awaits)
            work.Do();
        var active = work.Active;
        for (int replica = active.First; replica < active.End; replica++)
            batches[replica] = minibatches.Indices(step.Number, firstReplica + replica);
        kept?.GoOnTo(step.Number);
        Array.Clear(recalled);
        if (kept?.HasWhole(step.Number) == true)
        {
            work.Do();
            for (int lane = ActiveLanes.First; lane < ActiveLanes.End; lane++)
                recalled[lane] = kept.PassesOf(step.Number, lane, passes);
            kept.Recall(step.Number, gradient, work);
            return;
        }
        (awaitedStep, afterGradient) = (step, null);
        evaluations++;
        if (memory.Joins && kept?.Wants(step.Number) != true)
            work.Await(EvaluateAwaitedGradient);
        else
            EvaluateAwaitedGradient();
    }

    private void EvaluateAwaitedGradient()
    {
        var step = awaitedStep;
        bool keeps = kept?.Wants(step.Number) == true;
        work.Do();
        ForEachLane((lane, place) =>
        {
            var network = keeps ? kept!.PassesOf(step.Number, lane, passes) : passes.For(place, KeyOf(lane));
            if (keeps && kept!.IsWhole(step.Number))
                recalled[lane] = network;
            laneLosses[lane] = EvaluateGradient(step, lane, network, gradient, partialGradients);
        });
        FinishGradient(step);
        if (keeps)
            kept!.Keep(step.Number, gradient, work);
    }

    private void FinishGradient(Step step)
    {
        var active = work.Active;
        partialGradients.Sum(gradient, microbatches.CountOf(batches[active.First].Length));
        for (int replica = active.First; replica < active.End && notesLosses; replica++)
            trainingLosses[replica * Run.Steps + step.Number] =
                Sum(laneLosses.AsSpan(replica * microbatches.Count, microbatches.Count)) / batches[replica].Length;
        AddPenalties(step);
        var after = afterGradient;
        afterGradient = null;
        after?.Invoke();
    }

    public int KeepEvaluations(long bytes) => Keep(memory.StepsWithin(bytes));

    /// <summary>Keeps the evaluations of some of the last steps.</summary>
    internal int Keep(KeptSteps steps)
    {
        kept?.Dispose();
        kept = steps.Count > 0 ? new(Run, microbatches, steps) : null;
        return steps.Count;
    }

    /// <summary>Training begins: what was kept of an earlier one is given up.</summary>
    internal void ForgetEvaluations() => kept?.Clear();

    public void EvaluateTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data)
    {
        bool joined = work.Withdraw(), hasValues = kept?.HasValues(step.Number) == true;
        work.Do();
        var (gathered, product) = ((ManagedDataVector?)data, (ManagedVector<T>)hessianProduct);
        ForEachLane((lane, place) =>
        {
            if (joined)
                laneLosses[lane] = EvaluateBoth(step, lane, place, gradient, partialGradients, direction, product, gathered);
            else if (recalled[lane] is { } network)
                EvaluateTangent(step, lane, network, direction, product, gathered);
            else if (memory.Joins)
                // Adjoints do not last: both are evaluated again, and g has room where Hu goes until that comes.
                _ = EvaluateBoth(step, lane, place, product, partialProducts, direction, product, gathered);
            else
                EvaluateTangent(step, lane, Held(step, lane, place, product), direction, product, gathered);
        });
        if (hasValues)
            kept!.GiveUp(step.Number);
        if (joined)
            FinishGradient(step);
        partialProducts.Sum(product, microbatches.CountOf(batches[work.Active.First].Length));
        if (gathered is not null)
            workers.For(work.Active.Count, item => Gather(gathered, work.Active.First + item));
        if (penalties.Any)
            work.ForEachTile((replica, in tile, _) => penalties.AddHessianProduct(
                tile, At(direction, replica) + tile.Start, At(hessianProduct, replica) + tile.Start));
    }

    public Evaluation[] Evaluate(Dataset data, IVector? gradient = null)
    {
        Runs.RawRun.RequireFit(Run.Network, data, "evaluation");
        work.Do();
        // A lane takes every so manieth chunk of the data, and adds up what it finds.
        int rows = memory.Capacity, chunks = (data.Count + rows - 1) / rows, lanes = Math.Min(microbatches.Count, chunks);
        var (losses, errors) = (new double[Run.Replicas * chunks], new long[laneLosses.Length]);
        work.InGroups(GroupSize, () =>
        {
            ForEachLane(EvaluateChunks);
            if (gradient is not null)
                partialGradients.Sum((ManagedVector<T>)gradient, lanes);
        });
        double decisions = (double)data.Count * Run.Network.OutputShape.Positions;
        return [.. Enumerable.Range(0, Run.Replicas).Select(replica => new Evaluation(
            Sum(losses.AsSpan(replica * chunks, chunks)) / data.Count,
            Run.Network.Loss == Loss.Squared
                ? double.NaN
                : errors.AsSpan(replica * microbatches.Count, microbatches.Count).ToArray().Sum() / decisions))];

        void EvaluateChunks(int lane, int place)
        {
            var network = passes.For(place);
            int replica = lane / microbatches.Count, index = IndexOf(lane);
            for (int chunk = index; chunk < chunks; chunk += lanes)
            {
                cancellation.ThrowIfCancellationRequested();
                LoadChunk(network, data, chunk * rows);
                var context = new PassContext<T> { Batch = network.Losses.Length, Weights = weights.Replica(replica), Replica = replica };
                network.Forward(context);
                network.EvaluateLoss(notes: true);
                losses[replica * chunks + chunk] = Sum(network.Losses);
                errors[lane] += network.CountErrors();
                if (gradient is null)
                    continue;
                context.Gradient = partialGradients.Of(At(gradient, replica), replica, index);
                context.Accumulate = chunk > index;
                network.Backward(context);
            }
        }
    }

    private static void LoadChunk(NetworkPasses<T> network, Dataset data, int first)
    {
        var rows = new int[Math.Min(network.Capacity, data.Count - first)];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = first + row;
        network.Load(data, rows);
        network.Factors.Fill(T.One / T.CreateTruncating(data.Count));
    }

    // Returns the sum of what its examples add to the loss, times the size of the minibatch.
    private double EvaluateGradient(
        Step step, int lane, NetworkPasses<T> network, ManagedVector<T> target, MicrobatchGradients<T> partial)
    {
        passes.LendTo(network, workers.Current);
        if (!Load(lane, network))
            return 0;
        var context = ContextOf(step, lane);
        context.Gradient = GradientOf(lane, target, partial);
        network.Forward(context);
        network.EvaluateLoss(notesLosses);
        network.Backward(context);
        return LossOf(lane, network);
    }

    // The passes that hold the evaluation of the gradient, which is made again where others have come in between.
    private NetworkPasses<T> Held(Step step, int lane, int place, ManagedVector<T> room)
    {
        var network = passes.Holding(place, KeyOf(lane));
        if (network is null)
            _ = EvaluateGradient(step, lane, network = passes.For(place, KeyOf(lane)), room, partialProducts);
        return network;
    }

    private void EvaluateTangent(
        Step step, int lane, NetworkPasses<T> network, IVector direction, ManagedVector<T> product, ManagedDataVector? gathered)
    {
        if (RowsOf(lane).Count == 0)
            return;
        var context = ContextAlong(step, lane, direction, product, gathered);
        passes.LendTo(network, workers.Current);
        network.TangentForward(context);
        network.EvaluateLossTangent();
        network.TangentBackward(context);
        if (gathered is not null)
            (derivatives[lane] ??= new()).Take(network, gathered);
    }

    // The two at once, operation by operation; forward the tangent alone where the values are kept.
    private double EvaluateBoth(
        Step step, int lane, int place, ManagedVector<T> target, MicrobatchGradients<T> partial,
        IVector direction, ManagedVector<T> product, ManagedDataVector? gathered)
    {
        bool hasValues = kept?.HasValues(step.Number) == true;
        var network = hasValues ? kept!.PassesOf(step.Number, lane, passes) : passes.For(place);
        passes.LendTo(network, workers.Current);
        if (!Load(lane, network))
            return 0;
        var context = ContextAlong(step, lane, direction, product, gathered);
        context.Gradient = GradientOf(lane, target, partial);
        if (hasValues)
            network.TangentForwardOfKept(context);
        else
            network.ForwardWithTangent(context);
        network.EvaluateLoss(notesLosses);
        network.EvaluateLossTangent();
        network.BackwardWithTangent(context);
        if (gathered is not null)
            (derivatives[lane] ??= new()).Take(network, gathered);
        return LossOf(lane, network);
    }

    // Gathers a microbatch, if there is one.
    private bool Load(int lane, NetworkPasses<T> network)
    {
        int[] batch = batches[lane / microbatches.Count];
        var (first, count) = RowsOf(lane);
        if (count == 0)
            return false;
        double[]? exampleWeights = Run.ExampleWeights;
        network.Load(Run.Training, batch.AsMemory(first, count));
        var factors = network.Factors;
        for (int row = 0; row < count; row++)
            factors[row] = T.CreateTruncating((exampleWeights is null ? 1 : exampleWeights[batch[first + row]]) / batch.Length);
        return true;
    }

    private double LossOf(int lane, NetworkPasses<T> network)
    {
        if (!notesLosses)
            return 0;
        int[] batch = batches[lane / microbatches.Count];
        var (first, count) = RowsOf(lane);
        double loss = 0;
        for (int row = 0; row < count; row++)
            loss += (Run.ExampleWeights is { } weights ? weights[batch[first + row]] : 1) * network.Losses[row];
        return loss;
    }

    private T* GradientOf(int lane, ManagedVector<T> target, MicrobatchGradients<T> partial)
    {
        int replica = lane / microbatches.Count;
        return partial.Of(target.Replica(replica), replica, IndexOf(lane));
    }

    private PassContext<T> ContextAlong(
        Step step, int lane, IVector direction, ManagedVector<T> product, ManagedDataVector? gathered)
    {
        var context = ContextOf(step, lane);
        context.Direction = At(direction, lane / microbatches.Count);
        context.HessianProduct = GradientOf(lane, product, partialProducts);
        context.WantsInputs = gathered is { HasInputs: true };
        return context;
    }

    // One microbatch after the other: an example that is in two of them is added to in a fixed order.
    private void Gather(ManagedDataVector gathered, int replica)
    {
        for (int index = 0; index < microbatches.Count; index++)
        {
            int lane = replica * microbatches.Count + index;
            var (first, count) = RowsOf(lane);
            if (count == 0)
                return;
            derivatives[lane]!.AddTo(gathered, replica, batches[replica].AsSpan(first, count), batches[replica].Length);
        }
    }

    private (int First, int Count) RowsOf(int lane) =>
        microbatches.RowsOf(IndexOf(lane), batches[lane / microbatches.Count].Length);

    private int IndexOf(int lane) => lane % microbatches.Count;

    private PassContext<T> ContextOf(Step step, int lane)
    {
        int replica = lane / microbatches.Count;
        var (first, count) = RowsOf(lane);
        return new()
        {
            FirstRow = first,
            Batch = count,
            Weights = weights.Replica(replica),
            IsTraining = true,
            Step = step.Number,
            Replica = firstReplica + replica,
        };
    }

    private void AddPenalties(Step step)
    {
        if (!penalties.Any)
            return;
        if (!notesLosses)
        {
            work.ForEachTile((replica, in tile, _) => AddGradient(replica, tile));
            return;
        }
        // Each tile sums by itself; the sums are then added in the order of the tiles.
        penaltyLosses ??= new double[Run.Replicas * tiles.Length];
        work.Claim(penaltyLosses);
        work.ForEachTile((replica, in tile, index) =>
        {
            penaltyLosses[replica * tiles.Length + index] = penalties.Loss(tile, weights.Replica(replica) + tile.Start);
            AddGradient(replica, tile);
        }, () =>
        {
            for (int item = work.Active.First * tiles.Length; item < work.Active.End * tiles.Length; item++)
                trainingLosses[item / tiles.Length * Run.Steps + step.Number] += penaltyLosses[item];
        });

        void AddGradient(int replica, in WeightTile tile) =>
            penalties.AddGradient(tile, weights.Replica(replica) + tile.Start, gradient.Replica(replica) + tile.Start);
    }

    private double[]? penaltyLosses;

    private EvaluationKey KeyOf(int lane) => new(this, evaluations, lane);

    // A lane is a microbatch of a replica. Each has a place among the passes, where they hold its evaluation until its tangent is taken,
    // and one group of replicas after the other has the same places; but where both are evaluated together, each thread has passes.
    private void ForEachLane(Action<int, int> body) => workers.For(ActiveLanes.Count, (item, worker) => body(
        ActiveLanes.First + item, memory.Joins ? worker : IsPart ? workers.Current * microbatches.Count + item : item));

    private ReplicaRange ActiveLanes => new(work.Active.First * microbatches.Count, work.Active.End * microbatches.Count);

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
