namespace Hypergrad.MetaOptimization;

/// <summary>All that a tuning needs to go on: kept on disk from the start, and after every meta-step.</summary>
/// <param name="Configuration">What was tuned, and how, by name; a state goes on only where all of it is the same.</param>
/// <param name="Vector">The coordinates of the hyperparameters to try next.</param>
/// <param name="Best">Those of the lowest validation loss so far; null before the first meta-step.</param>
/// <param name="StepFactor">What the meta-optimizer's step to the coordinates was multiplied by.</param>
/// <param name="Optimizer">The meta-optimizer's state after that step.</param>
/// <param name="Records">The meta-steps so far.</param>
/// <param name="FirstTrainingLosses">The training losses before the first update, [steps].</param>
/// <param name="ComputedWith">What its bits depend on; more than one where it went on with other bits.</param>
internal sealed record TuningState(
    IReadOnlyList<(string Name, string Value)> Configuration, double[] Vector, SearchPoint? Best, double StepFactor,
    OptimizerState Optimizer,
    IReadOnlyList<MetaStepRecord> Records, double[] FirstTrainingLosses, IReadOnlyList<ComputedWith> ComputedWith);
