using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>How and where a hypergradient is computed, and what is wanted of it.</summary>
public sealed record HypergradientOptions
{
    /// <summary>Where; by default <see cref="Backend.Best"/>.</summary>
    public IBackend? Backend { get; init; }

    /// <summary>The floating-point type of gradients.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>
    /// The raw quantities wanted; by default those that the run's tuned hyperparameters drive, and all of them for a run of raw quantities.
    /// </summary>
    public IReadOnlyCollection<Quantity>? Quantities { get; init; }

    /// <summary>Another dataset whose loss at w_T is wanted beside the validation loss: the one that judges.</summary>
    public Dataset? Test { get; init; }

    /// <summary>Whether the weights that training ended with are kept in the result.</summary>
    public bool KeepFinalWeights { get; init; }

    /// <summary>Whether a method that is not exact also computes the exact hypergradient and reports how far off it is.</summary>
    public bool MeasureAccuracy { get; init; }

    /// <summary>Checked between training steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told how far it is; null for nobody.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }
}
