using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Planning;

/// <summary>For what a plan is made.</summary>
public sealed record PlanOptions
{
    /// <summary>Where; by default <see cref="Backend.Best"/>.</summary>
    public IBackend? Backend { get; init; }

    /// <summary>The floating-point type of gradients.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>
    /// The raw quantities wanted; by default those that the run's tuned hyperparameters drive, and all of them for a run of raw quantities.
    /// </summary>
    public IReadOnlyCollection<Quantity>? Quantities { get; init; }

    /// <summary>
    /// Bytes that a hypergradient may take; null for all that the machine has left. Where it is given, methods that trade memory for time
    /// are planned to use it.
    /// </summary>
    public long? Memory { get; init; }

    /// <summary>A method with settings of its own, planned in the place of its kind; null for none.</summary>
    public HypergradientMethod? Method { get; init; }

    /// <summary>About how many seconds the calibration measures for; where steps take longer, one measurement of two steps.</summary>
    public double CalibrationSeconds { get; init; } = 3;

    /// <summary>Seconds since some moment: those of the wall, but where a busy machine is to be looked through.</summary>
    internal Func<double> Clock { get; init; } = () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>Checked between training steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
