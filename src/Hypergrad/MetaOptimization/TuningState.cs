namespace Hypergrad.MetaOptimization;

/// <summary>All that a tuning needs to go on: kept on disk from the start, and after every meta-step.</summary>
/// <param name="Configuration">What was tuned, and how, by name; a state goes on only where all of it is the same.</param>
/// <param name="Vector">The coordinates of the hyperparameters to try next.</param>
/// <param name="PredictedDecrease">By how much that was predicted to lower the validation loss; NaN before the first step.</param>
/// <param name="Current">Those from which the step to them is made; null before the first meta-step.</param>
/// <param name="Best">Those of the lowest validation loss so far; likewise.</param>
/// <param name="StepFactor">How far a step may go, as a fraction of the meta-optimizer's own.</param>
/// <param name="Optimizer">What the meta-optimizer remembers of all gradients so far.</param>
/// <param name="Curvature">What the latest steps showed of the curvature, the latest last.</param>
/// <param name="Records">The meta-steps so far.</param>
/// <param name="FirstTrainingLosses">The training losses before the first update, [steps].</param>
/// <param name="ComputedWith">What its bits depend on; more than one where it went on with other bits.</param>
internal sealed record TuningState(
    IReadOnlyList<(string Name, string Value)> Configuration, double[] Vector, double PredictedDecrease, SearchPoint? Current,
    SearchPoint? Best, double StepFactor, OptimizerState Optimizer, IReadOnlyList<CurvaturePair> Curvature,
    IReadOnlyList<MetaStepRecord> Records, double[] FirstTrainingLosses, IReadOnlyList<ComputedWith> ComputedWith)
{
    /// <summary>The trials so far of the search for a start.</summary>
    public IReadOnlyList<StartTrial> StartTrials { get; init; } = [];

    /// <summary>The state before the first meta-step.</summary>
    /// <param name="configuration">What is tuned, and how.</param>
    /// <param name="vector">The coordinates to start from.</param>
    /// <param name="optimizer">The meta-optimizer.</param>
    /// <param name="computedWith">What its bits depend on.</param>
    public static TuningState Start(
        IReadOnlyList<(string Name, string Value)> configuration, double[] vector, MetaOptimizer optimizer,
        IReadOnlyList<ComputedWith> computedWith) =>
        new(configuration, vector, double.NaN, null, null, 1, optimizer.Start(vector.Length), [], [], [], computedWith);
}
