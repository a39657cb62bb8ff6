namespace Hypergrad.MetaOptimization;

/// <summary>All that a tuning needs to go on: kept on disk from the start, and after every meta-step.</summary>
/// <param name="Configuration">What was tuned, and how, by name; a state goes on only where all of it is the same.</param>
/// <param name="Vector">The coordinates of the hyperparameters.</param>
/// <param name="Trained">
/// The coordinates that the latest meta-step trained with: known to be good, as the updated ones are not yet; empty before the first.
/// </param>
/// <param name="Optimizer">The meta-optimiser's state.</param>
/// <param name="Records">The meta-steps so far.</param>
/// <param name="FirstTrainingLosses">The training losses before the first update, [steps].</param>
/// <param name="ComputedWith">What its bits depend on; more than one where it went on with other bits.</param>
internal sealed record TuningState(
    IReadOnlyList<(string Name, string Value)> Configuration, double[] Vector, double[] Trained, OptimizerState Optimizer,
    IReadOnlyList<MetaStepRecord> Records, double[] FirstTrainingLosses, IReadOnlyList<ComputedWith> ComputedWith);
