using Hypergrad.Backends;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Keeps a few snapshots and trains again from the nearest one to find each state, on the binomial schedule (Griewank, Walther 2000). The
/// result is that of <see cref="StoredMethod"/> to the bit. For any momentum, 0 included, and any memory; the less memory, the more
/// training is done again.
/// </summary>
public sealed record CheckpointedMethod : HypergradientMethod
{
    /// <summary>
    /// The memory for snapshots in bytes, or null to choose by <see cref="Snapshots"/>. A snapshot is the weights
    /// and the slots of the optimizer, for every replica.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>How many snapshots are kept when no budget is given; null for about √T.</summary>
    public int? Snapshots { get; init; }

    /// <inheritdoc/>
    public override string Name => "checkpointed";

    internal override Trajectory Open(ISession session) =>
        new CheckpointedTrajectory(session, SnapshotsFor(session.Run, session.Precision));

    internal override void Validate(RawRun run)
    {
        if (Snapshots < 1)
            throw new ConfigurationException($"{Snapshots} snapshots: the checkpointed method needs at least 1.");
    }

    /// <summary>How many snapshots fit.</summary>
    /// <exception cref="ConfigurationException">Not even one snapshot fits the budget.</exception>
    internal int SnapshotsFor(RawRun run, Precision precision)
    {
        if (MemoryBudget is not { } budget)
            return Math.Min(run.Steps, Snapshots ?? (int)Math.Ceiling(Math.Sqrt(run.Steps)));
        long numbers = (1L + run.Optimizer.Slots.Count) * run.Replicas * run.Network.ParameterCount;
        long size = numbers * (precision == Precision.Single ? sizeof(float) : sizeof(double));
        if (budget < size)
            throw new ConfigurationException(
                $"A memory budget of {budget} bytes: one snapshot of this run takes {size}; give at least that.");
        return (int)Math.Min(run.Steps, budget / size);
    }
}
