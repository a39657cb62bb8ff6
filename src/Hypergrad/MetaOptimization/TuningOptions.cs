using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Observability;
using Microsoft.Extensions.Logging;

namespace Hypergrad.MetaOptimization;

/// <summary>How hyperparameters are tuned.</summary>
public sealed record TuningOptions
{
    /// <summary>How many updates of the hyperparameters, at least 1.</summary>
    public int MetaSteps { get; init; } = 20;

    /// <summary>After how many meta-steps without a lower validation loss the tuning ends; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>
    /// N, over how many meta-steps the step size decays: the n-th goes at most η / (1 + n/N) far, half as far as the first after N of them;
    /// null where the region of trust alone shortens steps.
    /// </summary>
    public int? StepDecay { get; init; }

    /// <summary>
    /// How many plain trainings search for a start before the first meta-step (<see cref="StartSearch"/>); 0 to start from the run as
    /// it is.
    /// </summary>
    public int StartTrials { get; init; }

    /// <summary>How each update is made.</summary>
    public MetaOptimizer MetaOptimizer { get; init; } = new Adam();

    /// <summary>How the hypergradient is computed.</summary>
    public HypergradientMethod Method { get; init; } = new ReversibleMethod();

    /// <summary>Whether every meta-step trains from a seed of its own; otherwise all train from the run's.</summary>
    public bool FreshSeeds { get; init; }

    /// <summary>Where it is computed; by default <see cref="Backend.Best"/>.</summary>
    public IBackend? Backend { get; init; }

    /// <summary>The floating-point type of gradients.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>The test set that judges, seen by no gradient; null for none.</summary>
    public Dataset? Test { get; init; }

    /// <summary>
    /// A folder where the state is kept, from the start and after every meta-step, and from which a tuning that was stopped goes on; null
    /// for none.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// Whether a tuning goes on where another backend, instruction set, precision or version computes with other bits than it has been
    /// computed with; it is then recorded (<see cref="TuningResult.ComputedWith"/>). Otherwise it is refused.
    /// </summary>
    public bool AllowOtherBits { get; init; }

    /// <summary>Told after every meta-step.</summary>
    public IProgress<TuningProgress>? Progress { get; init; }

    /// <summary>Told within meta-steps how far each training, and the way back through it, has come; on the thread that computes.</summary>
    public IProgress<RunProgress>? RunProgress { get; init; }

    /// <summary>
    /// Where the tuning is logged: each meta-step at level Information, the course of its training at level Debug; null for nowhere.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary>Checked between training steps; what meta-steps are made by then are kept.</summary>
    public CancellationToken Cancellation { get; init; }
}
