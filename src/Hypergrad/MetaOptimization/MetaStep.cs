using Hypergrad.Hypergradients;
using Hypergrad.Runs;

namespace Hypergrad.MetaOptimization;

/// <summary>A meta-step that was just made, as <see cref="Tuning.RunAsync"/> hands it out; its state is kept already.</summary>
/// <param name="Record">What it saw.</param>
/// <param name="Hypergradient">
/// The hypergradient at the hyperparameters that it tried (<c>Hypergradient.Run.Hyperparameters</c>); null where training diverged, or they
/// left their range.
/// </param>
/// <param name="Best">The hyperparameters with the lowest validation loss so far.</param>
/// <param name="MetaSteps">How many updates there will be.</param>
/// <param name="Remaining">An estimate of the time left, from the meta-steps made since the tuning was started or resumed.</param>
public sealed record MetaStep(
    MetaStepRecord Record, Hypergradient? Hypergradient, HyperparameterSet Best, int MetaSteps, TimeSpan Remaining);
