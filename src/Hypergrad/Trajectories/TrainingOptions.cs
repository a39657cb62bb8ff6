using Hypergrad.Backends;
using Hypergrad.Observability;
using Microsoft.Extensions.Logging;

namespace Hypergrad.Trajectories;

/// <summary>How and where a run is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Where; by default <see cref="Backend.Best"/>.</summary>
    public IBackend? Backend { get; init; }

    /// <summary>The floating-point type.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Where the course of it is logged, at level Debug; null for nowhere.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Told how far it has come, on the thread that computes.</summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>Checked between training steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
