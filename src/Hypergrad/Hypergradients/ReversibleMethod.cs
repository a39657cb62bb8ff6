using Hypergrad.Backends;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Undoes every training step exactly (Maclaurin, Duvenaud, Adams 2015). Memory: the state and log2(1/c) bits per weight, step and decay c;
/// time: three passes' worth of products beside the training itself. The default. Not for a decay of 0, which forgets what it would need,
/// nor for Nesterov's step, which reads the gradient where it moves the weights.
/// </summary>
public sealed record ReversibleMethod : HypergradientMethod
{
    /// <summary>Every how many steps the state's hash is taken and compared; null for twenty times a run.</summary>
    public int? VerifyEvery { get; init; }

    /// <summary>
    /// Memory in bytes for what the evaluation of the gradient leaves on the way out, at as many of the last steps as fit, so that the way
    /// back need not evaluate it again, or at least not forward; null for none. What of which steps is kept is for the backend to choose.
    /// It changes the time that is taken, by up to a quarter, and no bit of the result.
    /// Backends that keep nothing, such as those of the native library, pass over it.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <inheritdoc/>
    public override string Name => "reversible";

    internal override Trajectory Open(ISession session)
    {
        if (MemoryBudget is { } budget)
            session.KeepEvaluations(budget);
        return new ReversibleTrajectory(session, VerifyEvery ?? Math.Max(1, session.Run.Steps / 20));
    }

    internal override void Validate(RawRun run)
    {
        if (MemoryBudget < 0)
            throw new ConfigurationException($"A memory budget of {MemoryBudget} bytes: it must not be negative.");
        if (VerifyEvery < 1)
            throw new ConfigurationException($"Verifying every {VerifyEvery} steps: it must be at least 1.");
        if (run.Optimizer.WhyIrreversible() is { } reason)
            throw new ConfigurationException($"{char.ToUpperInvariant(reason[0])}{reason[1..]}.");
    }
}
