using Hypergrad.Hypergradients;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// Where a tuning goes next: a trust-region method (Nocedal, Wright 2006, chapter 4). A model of the validation loss, made of the exact
/// hypergradient and of the curvature that earlier meta-steps showed (<see cref="QuasiNewton"/>, on the meta-optimizer's scales), gives the
/// step; how much of the predicted decrease came about says how far the model is to be trusted. While it comes about in whole, and where
/// seeds change, so that differences of hypergradients are mostly noise, the meta-optimizer gives the direction by itself. What every
/// training showed is remembered, also of steps that are taken back, so that a step made again differs though it is as long. Pure functions
/// of the state, so that a tuning that is resumed goes the same way.
/// </summary>
/// <param name="optimizer">What gives the direction, and how far a meta-step goes at most.</param>
/// <param name="seedsChange">Whether every meta-step trains from other seeds.</param>
/// <param name="decay">Over how many meta-steps the step size decays; null for never.</param>
internal sealed class Search(MetaOptimizer optimizer, bool seedsChange, int? decay = null)
{
    private const double PoorRatio = 0.25, GoodRatio = 0.75;

    private const double AfterWorse = 0.5, AfterPoor = 0.5, AfterDiverged = 0.25, AfterGood = 1.5, AfterUnclear = 1.25, Smallest = 1e-6;

    // With more trust than this the meta-optimizer's own direction, with its memory, goes faster than the model's; with less the model's
    // goes further (on MNIST in 200 meta-steps to 0.147, where the model alone ends at 0.154 and the meta-optimizer's at 0.161).
    private const double Whole = 0.5;

    // How far below the longest step that was kept steps are shortened: where the loss is rough, shorter ones are no better.
    private const double RoughAt = 0.05;

    // How much longer than the gradient before one may be when it is remembered: past the edge of stability they explode.
    private const double LongestGradient = 2;

    // Where seeds change and no replicas tell how much that moves a loss.
    private const double UnknownNoise = 0.25;

    /// <summary>The state after a meta-step that trained.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="record">What it recorded.</param>
    /// <param name="gradient">The hypergradient in coordinates.</param>
    public TuningState Take(TuningState state, MetaStepRecord record, double[] gradient)
    {
        var tried = new SearchPoint(record.MetaStep, state.Vector, gradient, record.Validation);
        if (state is not { Current: { } current, Best: { } best })
            return Proceed(Record(Observe(state, gradient), state, record) with { Best = tried }, tried);
        double noise = Noise(state, record.Validation, best.Validation);
        bool isWorse = record.Validation.Mean > best.Validation.Mean + noise;
        var outcome = isWorse ? MetaStepOutcome.TakenBack : MetaStepOutcome.Kept;
        var next = Record(Learn(state, current, tried), state, record with { Outcome = outcome });
        if (isWorse)
            return Proceed(next with { StepFactor = Math.Max(Shortest(state), AfterWorse * state.StepFactor) }, best);
        double actual = current.Validation.Mean - record.Validation.Mean;
        return Proceed(next with
        {
            StepFactor = Math.Clamp(state.StepFactor * AfterKept(state.PredictedDecrease, actual, noise), Shortest(state), 1),
            Best = record.Validation.Mean < best.Validation.Mean ? tried : best,
        }, tried);
    }

    /// <summary>The state after a meta-step that could not be trained, or whose hypergradient is not finite.</summary>
    /// <param name="state">The state before it, not the first one.</param>
    /// <param name="record">A record without losses.</param>
    public TuningState TakeDiverged(TuningState state, MetaStepRecord record) => Proceed(
        Record(state, state, record with { Outcome = MetaStepOutcome.Diverged }) with
        {
            StepFactor = Math.Max(Smallest, AfterDiverged * state.StepFactor),
        }, state.Best!);

    // The step from a point: never longer than what the region of trust allows.
    private TuningState Proceed(TuningState state, SearchPoint from)
    {
        double[] gradient = optimizer.Clipping.Apply(from.Gradient);
        var (step, predicted) = seedsChange || state.StepFactor > Whole
            ? OptimizerStep(state, gradient)
            : ModelStep(state, gradient);
        return state with { Current = from, Vector = Vectors.Add(from.Vector, 1, step), PredictedDecrease = predicted };
    }

    // Down the model g·s + ½ s·Bs to its minimum −Hg, or that way as far as is trusted.
    private (double[] Step, double Predicted) ModelStep(TuningState state, double[] gradient)
    {
        double[] newton = QuasiNewton.Multiply(state.Curvature, optimizer.ScalesFor(state.Optimizer, gradient), gradient);
        double length = Vectors.RootMeanSquare(newton), radius = FactorOf(state) * optimizer.ReachOf(gradient);
        double fraction = length > radius ? radius / length : 1;
        return (Scaled(newton, -fraction), (fraction - fraction * fraction / 2) * Vectors.Dot(gradient, newton));
    }

    // The meta-optimizer's own step, or, where its memory of earlier gradients points uphill, its step without that.
    private (double[] Step, double Predicted) OptimizerStep(TuningState state, double[] gradient)
    {
        double[] change = optimizer.ChangeFor(state.Optimizer, gradient);
        if (!(Vectors.Dot(change, gradient) < 0))
            change = Vectors.Map(gradient, optimizer.ScalesFor(state.Optimizer, gradient), (g, scale) => -scale * g);
        double[] step = Scaled(change, FactorOf(state));
        return (step, -Vectors.Dot(gradient, step));
    }

    // How far the next step may go, of the meta-optimizer's step size. The first record is of the start, before any meta-step.
    private double FactorOf(TuningState state) =>
        decay is { } over ? state.StepFactor / (1 + (state.Records.Count - 1) / (double)over) : state.StepFactor;

    private TuningState Learn(TuningState state, SearchPoint current, SearchPoint tried)
    {
        double longest = LongestGradient * Vectors.Norm(current.Gradient);
        double[] remembered = longest > 0 ? new GradientClipping { Norm = longest }.Apply(tried.Gradient) : tried.Gradient;
        var next = Observe(state, remembered);
        return seedsChange ? next : next with
        {
            Curvature = QuasiNewton.With(
                state.Curvature, optimizer.ScalesFor(state.Optimizer, optimizer.Clipping.Apply(current.Gradient)),
                Vectors.Add(tried.Vector, -1, current.Vector), Vectors.Add(tried.Gradient, -1, current.Gradient)),
        };
    }

    private TuningState Observe(TuningState state, double[] gradient) =>
        state with { Optimizer = optimizer.StateAfter(state.Optimizer, optimizer.Clipping.Apply(gradient)) };

    private static TuningState Record(TuningState state, TuningState before, MetaStepRecord record) => state with
    {
        Records = [.. state.Records, record with { StepFactor = before.StepFactor, PredictedDecrease = before.PredictedDecrease }],
    };

    // The ratio test; a prediction within the noise is not tested.
    private static double AfterKept(double predicted, double actual, double noise) => (actual / predicted) switch
    {
        _ when predicted <= noise => AfterUnclear,
        < PoorRatio => AfterPoor,
        > GoodRatio => AfterGood,
        _ => 1,
    };

    private static double Shortest(TuningState state) => Math.Max(Smallest, RoughAt * state.Records.Skip(1)
        .Where(record => record.Outcome == MetaStepOutcome.Kept).Select(record => record.StepFactor).DefaultIfEmpty(0).Max());

    private static double[] Scaled(double[] vector, double factor) => [.. vector.Select(value => factor * value)];

    // How far above the best loss one may be where nothing is worse: two standard errors of a difference, and as many as the best of so
    // many losses lies below their mean by luck alone, √(2 ln n) of them (a bound for normal ones). The best is the luckiest of all that
    // were as good, and the longer it is looked for, the luckier: without that, steps that do no harm are taken back ever more often.
    // With the same seeds a loss is what it is.
    private double Noise(TuningState state, Estimate tried, Estimate best)
    {
        if (!seedsChange)
            return 0;
        double[] errors = [.. state.Records.Select(record => record.Validation).Append(tried)
            .Select(validation => validation.StandardError).Where(double.IsFinite).Order()];
        // The middle one: of a few replicas each is uncertain, and one of a training that goes astray is none of the others'.
        return errors.Length == 0
            ? UnknownNoise * Math.Abs(best.Mean)
            : errors[(errors.Length - 1) / 2] * (2 * Math.Sqrt(2) + Math.Sqrt(2 * Math.Log(Math.Max(1, state.Records.Count))));
    }
}
