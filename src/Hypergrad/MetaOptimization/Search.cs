using Hypergrad.Hypergradients;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// Where a tuning goes next. The meta-optimizer gives the direction, a trust region the length: a step that made the validation loss worse
/// is taken back to the best hyperparameters so far and made again at half the length (a quarter where training diverged), along the
/// hypergradient there; every step that is kept lengthens the next one by a quarter, up to the meta-optimizer's own. Pure functions of the
/// state, so that a tuning that is resumed goes the same way.
/// </summary>
internal sealed class Search(MetaOptimizer optimizer, bool seedsChange)
{
    private const double AfterWorse = 0.5, AfterDiverged = 0.25, AfterKept = 1.25, Smallest = 1e-6;

    // Where seeds change and no replicas tell how much that moves a loss.
    private const double UnknownNoise = 0.25;

    /// <summary>The state after a meta-step that trained.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="record">What it recorded.</param>
    /// <param name="gradient">The hypergradient in coordinates.</param>
    public TuningState Take(TuningState state, MetaStepRecord record, double[] gradient)
    {
        var tried = new SearchPoint(record.MetaStep, state.Vector, gradient, state.Optimizer, record.Validation);
        if (state.Best is { } best && record.Validation.Mean > best.Validation.Mean + Noise(record.Validation, best.Validation))
            return Back(state, record with { Outcome = MetaStepOutcome.TakenBack }, best, AfterWorse);
        double factor = state.Best is null ? 1 : Math.Min(1, state.StepFactor * AfterKept);
        var (change, next) = optimizer.Update(state.Optimizer, gradient);
        return Record(state, record) with
        {
            Vector = Moved(tried.Vector, change, factor),
            Optimizer = next,
            StepFactor = factor,
            Best = state.Best is null || record.Validation.Mean < state.Best.Validation.Mean ? tried : state.Best,
        };
    }

    /// <summary>The state after a meta-step that could not be trained, or whose hypergradient is not finite.</summary>
    /// <param name="state">The state before it, not the first one.</param>
    /// <param name="record">A record without losses.</param>
    public TuningState TakeDiverged(TuningState state, MetaStepRecord record) =>
        Back(state, record with { Outcome = MetaStepOutcome.Diverged }, state.Best!, AfterDiverged);

    private TuningState Back(TuningState state, MetaStepRecord record, SearchPoint best, double shortened)
    {
        double factor = Math.Max(Smallest, state.StepFactor * shortened);
        var (change, next) = optimizer.Update(optimizer.Restart(best.Optimizer, best.Gradient), best.Gradient);
        return Record(state, record) with { Vector = Moved(best.Vector, change, factor), Optimizer = next, StepFactor = factor };
    }

    private static TuningState Record(TuningState state, MetaStepRecord record) =>
        state with { Records = [.. state.Records, record with { StepFactor = state.StepFactor }] };

    private static double[] Moved(double[] from, double[] change, double factor) =>
        [.. from.Zip(change, (coordinate, delta) => coordinate + factor * delta)];

    // Two standard errors of the difference; with the same seeds a loss is what it is.
    private double Noise(Estimate tried, Estimate best)
    {
        if (!seedsChange)
            return 0;
        double error = Math.Sqrt(tried.StandardError * tried.StandardError + best.StandardError * best.StandardError);
        return double.IsNaN(error) ? UnknownNoise * Math.Abs(best.Mean) : 2 * error;
    }
}
