using Hypergrad.Backends;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Hypergradients;

/// <summary>How much memory a hypergradient takes, worked out from sizes alone, before any of it is set aside.</summary>
internal static class RunMemory
{
    // The session's w, v and g; the sweep's dw, dv, u and Hu.
    private const int Vectors = 7;

    // Activations, their tangents and the adjoints of both, weighted inputs included.
    private const int ValuesPerUnit = 6;

    private const int SmallestBatch = 128;

    /// <summary>Refuses a run that cannot fit into this machine's memory.</summary>
    /// <exception cref="MemoryException">It cannot; the message has the estimate.</exception>
    public static void Require(TrainingRun run, HypergradientMethod method, RawParts parts, Precision precision)
    {
        run.Validate();
        MemoryLimit.Require(
            Estimate(run, method, parts, precision),
            $"This run ({run.Model.ParameterCount} weights, {run.Replicas} {(run.Replicas == 1 ? "replica" : "replicas")}, {run.Steps} "
                + $"steps, {method.Name} method)",
            "Use fewer replicas, a smaller network or fewer steps.");
    }

    /// <summary>An estimate in bytes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="method">How it is gone back over.</param>
    /// <param name="parts">The raw parts wanted.</param>
    /// <param name="precision">The floating-point type.</param>
    public static double Estimate(TrainingRun run, HypergradientMethod method, RawParts parts, Precision precision)
    {
        double number = precision == Precision.Single ? sizeof(float) : sizeof(double);
        double weights = (double)run.Model.ParameterCount * run.Replicas;
        double penalties = (parts.HasFlag(RawParts.L2) ? 1 : 0) + (parts.HasFlag(RawParts.L1) ? 1 : 0);
        double units = run.Model.Layers.Sum(size => (double)size);
        double batch = Math.Max(SmallestBatch, run.Minibatches.MaximumBatchSize);
        double sessions = Math.Min(run.Replicas, Environment.ProcessorCount) * batch * units * ValuesPerUnit * number;
        return (Vectors + penalties) * weights * number + Kept(run, method, weights, number, precision)
            + sessions + Gradients(run, parts) + (double)run.Replicas * run.Steps * sizeof(double);
    }

    // What the way back keeps of the way forward.
    private static double Kept(TrainingRun run, HypergradientMethod method, double weights, double number, Precision precision) =>
        method switch
        {
            ReversibleMethod => weights * (sizeof(long) + sizeof(long) + sizeof(ushort) + SpilledBytes(run.Momentum)),
            StoredMethod => 2 * weights * number * run.Steps,
            CheckpointedMethod checkpointed => 2 * weights * number * (1 + checkpointed.SnapshotsFor(run, precision)),
            DrMadMethod drMad => weights * number * (2 + drMad.Knots),
            _ => 0,
        };

    // log₂(1/γ) bits per weight and step, averaged over the groups.
    private static double SpilledBytes(ScheduleTable momentum) =>
        momentum.Values.ToArray().Sum(value => value is > 0 and < 1 ? -Math.Log2(value) / 8 : 0) / momentum.Grouping.Count;

    // Each replica's in doubles, and their mean.
    private static double Gradients(TrainingRun run, RawParts parts)
    {
        int weights = run.Model.ParameterCount;
        double count = Of(RawParts.InitialWeights, weights) + Of(RawParts.InitialVelocity, weights)
            + Of(RawParts.L2, weights) + Of(RawParts.L1, weights)
            + Of(RawParts.LearningRate, run.LearningRate.Values.Length) + Of(RawParts.Momentum, run.Momentum.Values.Length)
            + Of(RawParts.Inputs, (double)run.Minibatches.ExampleCount * run.Model.InputSize)
            + Of(RawParts.Targets, (double)run.Minibatches.ExampleCount * run.Model.OutputSize)
            + Of(RawParts.ExampleWeights, run.Minibatches.ExampleCount);
        return count * (run.Replicas + 1.0) * sizeof(double);

        double Of(RawParts part, double size) => parts.HasFlag(part) ? size : 0;
    }
}
