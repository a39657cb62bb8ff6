using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>How much memory a hypergradient takes, worked out from sizes alone, before any of it is set aside.</summary>
internal static class RunMemory
{
    // The session's w and g; the sweep's w̄, u and Hu. Each slot adds itself and its adjoint.
    private const int Vectors = 5;

    // Of every number that an operation writes: itself, its tangent, the adjoints of both, and what an activation keeps of its input.
    private const int ValuesPerUnit = 6;

    /// <summary>Refuses a run that cannot fit into this machine's memory.</summary>
    /// <exception cref="MemoryException">It cannot; the message has the estimate.</exception>
    public static void Require(RawRun run, HypergradientMethod method, IReadOnlyCollection<Quantity> quantities, Precision precision)
    {
        run.Validate();
        MemoryLimit.Require(
            Estimate(run, method, quantities, precision), $"This run ({TrainingMemory.Sizes(run)}, {method.Name} method)",
            TrainingMemory.Remedy);
    }

    /// <summary>An estimate in bytes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="method">How it is gone back over.</param>
    /// <param name="quantities">The quantities whose gradients are wanted.</param>
    /// <param name="precision">The floating-point type.</param>
    public static double Estimate(RawRun run, HypergradientMethod method, IReadOnlyCollection<Quantity> quantities, Precision precision)
    {
        double number = TrainingMemory.BytesOf(precision);
        double weights = (double)run.Network.ParameterCount * run.Replicas;
        int vectors = Vectors + 2 * run.Optimizer.Slots.Count
            + (quantities.Contains(Quantity.L2) ? 1 : 0) + (quantities.Contains(Quantity.L1) ? 1 : 0);
        double passes = run.Replicas * Math.Max(TrainingMemory.SmallestBatch, run.Minibatches.MaximumBatchSize) * number
            * (run.Network.InputSize + ValuesPerUnit * TrainingMemory.Outputs(run));
        // A gradient for each part of a minibatch but the first.
        vectors += Microbatches.Of(run.Network, run.Minibatches.MaximumBatchSize, (int)number).Count - 1;
        return vectors * weights * number + Kept(run, method, weights, number, precision)
            + passes + Gradients(run, quantities) + (double)run.Replicas * run.Steps * sizeof(double);
    }

    // What the way back keeps of the way forward.
    private static double Kept(RawRun run, HypergradientMethod method, double weights, double number, Precision precision) =>
        method switch
        {
            ReversibleMethod reversible => weights * (ExactNumberBytes(run) + StoreBytes(run))
                + Math.Min(reversible.MemoryBudget ?? 0, run.Steps * EvaluationBytes(run, precision)),
            StoredMethod => (1.0 + run.Optimizer.Slots.Count) * weights * number * run.Steps,
            CheckpointedMethod checkpointed =>
                (1.0 + run.Optimizer.Slots.Count) * weights * number * (1 + checkpointed.SnapshotsFor(run, precision)),
            DrMadMethod drMad => weights * number * (2 + drMad.Knots),
            _ => 0,
        };

    /// <summary>Bytes of what the evaluation of one step leaves, when it is kept.</summary>
    /// <param name="run">The run.</param>
    /// <param name="precision">The floating-point type.</param>
    public static double EvaluationBytes(RawRun run, Precision precision)
    {
        double ofExample = run.Network.InputSize + TrainingMemory.KeptValuesPerUnit * TrainingMemory.Outputs(run);
        double ofReplica = run.Network.ParameterCount + run.Minibatches.MaximumBatchSize * ofExample;
        return TrainingMemory.BytesOf(precision) * run.Replicas * ofReplica;
    }

    /// <summary>Bytes of a snapshot of the state: the weights and the slots.</summary>
    public static double SnapshotBytes(RawRun run, Precision precision) =>
        TrainingMemory.BytesOf(precision) * (1.0 + run.Optimizer.Slots.Count) * run.Replicas * run.Network.ParameterCount;

    private static double ExactNumberBytes(RawRun run) =>
        sizeof(long) * (1.0 + run.Optimizer.Slots.Sum(slot => slot.IsSecondMoment ? 2 : 1));

    // A word and Σ log₂(1/c) bits per decay and weight, averaged over the groups.
    private static double StoreBytes(RawRun run) => run.Optimizer.Decays.Sum(decay =>
        sizeof(uint) + decay.Coefficient.Values.Sum(value => value is > 0 and < 1 ? -Math.Log2(value) / 8 : 0)
            / decay.Coefficient.Grouping.Count);

    // Each replica's in doubles, and their mean.
    private static double Gradients(RawRun run, IReadOnlyCollection<Quantity> quantities)
    {
        var tables = run.Optimizer.Tables;
        return quantities.Sum(Count) * (run.Replicas + 1.0) * sizeof(double);

        double Count(Quantity quantity) => quantity.Shape switch
        {
            QuantityShape.Schedule => tables[quantity].Values.Length,
            QuantityShape.Weights => run.Network.ParameterCount,
            QuantityShape.Inputs => (double)run.Minibatches.ExampleCount * run.Network.InputSize,
            QuantityShape.Targets => (double)run.Minibatches.ExampleCount * run.Network.OutputShape.Count,
            _ => run.Minibatches.ExampleCount,
        };
    }
}
