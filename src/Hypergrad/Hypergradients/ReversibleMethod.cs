using Hypergrad.Backends;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Undoes every training step exactly (Maclaurin, Duvenaud, Adams 2015). Memory: the state and log2(1/γ) bits per weight and step; time:
/// three passes' worth of products beside the training itself. The default. Not for a momentum of 0, which forgets what it would need.
/// </summary>
public sealed record ReversibleMethod : HypergradientMethod
{
    /// <summary>Every how many steps the state's hash is taken and compared; null for twenty times a run.</summary>
    public int? VerifyEvery { get; init; }

    /// <inheritdoc/>
    public override string Name => "reversible";

    internal override Trajectory Open(ISession session) =>
        new ReversibleTrajectory(session, VerifyEvery ?? Math.Max(1, session.Run.Steps / 20));

    internal override void Validate(TrainingRun run)
    {
        if (VerifyEvery < 1)
            throw new ConfigurationException($"Verifying every {VerifyEvery} steps: it must be at least 1.");
        run.Momentum.RequireReversible();
    }
}
