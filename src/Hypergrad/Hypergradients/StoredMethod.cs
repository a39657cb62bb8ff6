using Hypergrad.Backends;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>Keeps every state of training. Memory: two numbers per weight and step. For short runs, and to check the others by.</summary>
public sealed record StoredMethod : HypergradientMethod
{
    /// <inheritdoc/>
    public override string Name => "stored";

    internal override Trajectory Open(ISession session) => new StoredTrajectory(session);
}
