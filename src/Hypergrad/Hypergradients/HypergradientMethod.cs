using Hypergrad.Backends;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// How a hypergradient is computed. All methods make the same adjoint sweep; they differ in how they find the states of training again.
/// </summary>
public abstract record HypergradientMethod
{
    private protected HypergradientMethod() { }

    /// <summary>The name on the command line: "reversible", "checkpointed", "stored", "drmad".</summary>
    public abstract string Name { get; }

    /// <summary>Whether the result is the gradient of the run itself and not of an approximation to it.</summary>
    public virtual bool IsExact => true;

    internal abstract Trajectory Open(ISession session);

    internal virtual void Sweep(ISession session, Trajectory trajectory, Adjoint adjoint) => AdjointSweep.Run(session, trajectory, adjoint);

    /// <summary>Refuses settings that the run cannot have.</summary>
    internal virtual void Validate(RawRun run) { }
}
