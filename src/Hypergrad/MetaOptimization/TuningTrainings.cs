using System.Diagnostics;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Observability;
using Hypergrad.Runs;
using Hypergrad.Trajectories;
using Microsoft.Extensions.Logging;

namespace Hypergrad.MetaOptimization;

/// <summary>The trainings of a tuning: one with its hypergradient for each meta-step, and those that judge the end.</summary>
/// <param name="run">The run that is tuned.</param>
/// <param name="validation">The validation set.</param>
/// <param name="options">How it is tuned.</param>
/// <param name="log">Where diverged meta-steps are told of.</param>
/// <param name="startSearch">The search for a start; null to start from the run as it is.</param>
internal sealed class TuningTrainings(
    TrainingRun run, Dataset validation, TuningOptions options, ILogger log, StartSearch? startSearch)
{
    private readonly Search search = new(options.MetaOptimizer, options.FreshSeeds, options.StepDecay);

    /// <summary>Whether the search for a start has trials left to make.</summary>
    public bool SearchesStart(TuningState state) =>
        startSearch is not null && state.Records.Count == 0 && state.StartTrials.Count < options.StartTrials;

    /// <summary>The state after one trial more of the search for a start; after the last one it is at the best.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="cancellation">Checked between training steps.</param>
    public TuningState TryStart(TuningState state, CancellationToken cancellation)
    {
        StartTrial[] trials = [.. state.StartTrials, startSearch!.Try(state.StartTrials, cancellation)];
        return state with { StartTrials = trials, Vector = startSearch.VectorOf(StartSearch.Best(trials)) };
    }

    /// <summary>One meta-step.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="cancellation">Checked between training steps.</param>
    /// <returns>The state after it, and the hypergradient; null where there is none.</returns>
    /// <exception cref="DivergedException">The first meta-step's training, or its hypergradient, diverged.</exception>
    public (TuningState Next, Hypergradient? Hypergradient) Step(TuningState state, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Hypergradient hypergradient;
        try
        {
            hypergradient = Hypergradient.Compute(RunAt(state.Vector, state.Records.Count), validation, options.Method, new()
            {
                Backend = options.Backend,
                Precision = options.Precision,
                Test = options.Test,
                Logger = options.Logger,
                Progress = options.RunProgress,
                Cancellation = cancellation,
            });
        }
        catch (HypergradException exception) when (state.Best is not null && exception is DivergedException or ConfigurationException)
        {
            log.MetaStepDiverged(state.Records.Count + 1, options.MetaSteps, exception.Message);
            return (search.TakeDiverged(state, WithoutLosses(state.Records.Count, clock)), null);
        }
        var record = new MetaStepRecord
        {
            MetaStep = state.Records.Count,
            TrainingLoss = LateLoss(hypergradient.TrainingLosses),
            Validation = hypergradient.Validation,
            ValidationErrorRate = hypergradient.ValidationErrorRate,
            Test = hypergradient.Test,
            TestErrorRate = hypergradient.TestErrorRate,
            GradientNorm = Math.Sqrt(hypergradient.Coordinates.Sum(value => value * value)),
            AdjointGrowth = hypergradient.AdjointGrowth,
            Reversal = hypergradient.Reversal,
            Seconds = clock.Elapsed.TotalSeconds,
        };
        var next = search.Take(state, record, hypergradient.Coordinates);
        return (state.Records.Count > 0 ? next : next with { FirstTrainingLosses = hypergradient.TrainingLosses }, hypergradient);
    }

    /// <summary>The latest hyperparameters are judged too; then the best of all are trained once more, for their curve.</summary>
    /// <param name="state">The state after the last meta-step.</param>
    /// <param name="cancellation">Checked between training steps.</param>
    public TuningResult Finish(TuningState state, CancellationToken cancellation)
    {
        var best = state.Best!;
        var clock = Stopwatch.StartNew();
        MetaStepRecord last;
        TrainingOutcome? outcome = null;
        try
        {
            (last, outcome) = Judge(RunAt(state.Vector, state.Records.Count), state.Records.Count, clock, cancellation);
            bool worse = !(last.Validation.Mean < best.Validation.Mean);
            last = last with { Outcome = worse ? MetaStepOutcome.TakenBack : MetaStepOutcome.Kept };
        }
        catch (Exception exception) when (exception is DivergedException or ConfigurationException)
        {
            last = WithoutLosses(state.Records.Count, clock) with { Outcome = MetaStepOutcome.Diverged };
        }
        last = last with { StepFactor = state.StepFactor, PredictedDecrease = state.PredictedDecrease };
        bool isLast = last.Outcome == MetaStepOutcome.Kept;
        var learned = isLast ? RunAt(state.Vector, state.Records.Count) : RunAt(best.Vector, best.MetaStep);
        if (!isLast)
            outcome = Judge(learned, best.MetaStep, clock, cancellation).Outcome;
        var (start, stated, firstLosses) = Before(state, cancellation);
        return new(start, learned, [.. state.Records, last], firstLosses, ReplicaMean.Of(outcome!.TrainingLosses).Mean)
        {
            Stated = stated,
            LearnedWeights = outcome.FinalWeights,
            ComputedWith = state.ComputedWith,
            StartSearch = startSearch is null ? null : new(startSearch.Constants, state.StartTrials),
        };
    }

    // The run as stated is judged too where the meta-steps started elsewhere, unless it diverges.
    private (TrainingRun Start, MetaStepRecord? Stated, double[] Losses) Before(TuningState state, CancellationToken cancellation)
    {
        if (startSearch is null || StartSearch.Best(state.StartTrials) is var best && ReferenceEquals(best, state.StartTrials[0]))
            return (run, null, state.FirstTrainingLosses);
        try
        {
            var (record, outcome) = Judge(RunAt(run.Hyperparameters!.ToVector(run.Network), 0), 0, Stopwatch.StartNew(), cancellation);
            return (run, record, ReplicaMean.Of(outcome.TrainingLosses).Mean);
        }
        catch (DivergedException)
        {
            return (run.With(run.Hyperparameters!.WithVector(run.Network, startSearch.VectorOf(best))), null, state.FirstTrainingLosses);
        }
    }

    // In the method's own arithmetic, so that the last record is to the bit what a meta-step that went on from here would record.
    private (MetaStepRecord Record, TrainingOutcome Outcome) Judge(
        TrainingRun learned, int metaStep, Stopwatch clock, CancellationToken cancellation)
    {
        Dataset[] judged = options.Test is null ? [validation] : [validation, options.Test];
        var outcome = Training.Run(learned, judged, options.Method.Open, new()
        {
            Backend = options.Backend,
            Precision = options.Precision,
            Logger = options.Logger,
            Progress = options.RunProgress,
            Cancellation = cancellation,
        });
        var tested = outcome.Evaluations.Count > 1 ? outcome.Evaluations[1] : null;
        return (new MetaStepRecord
        {
            MetaStep = metaStep,
            TrainingLoss = LateLoss(ReplicaMean.Of(outcome.TrainingLosses).Mean),
            Validation = Estimate.Of([.. outcome.Evaluations[0].Select(evaluation => evaluation.Loss)]),
            ValidationErrorRate = outcome.Evaluations[0].Average(evaluation => evaluation.ErrorRate),
            Test = tested is null ? null : Estimate.Of([.. tested.Select(evaluation => evaluation.Loss)]),
            TestErrorRate = tested?.Average(evaluation => evaluation.ErrorRate),
            GradientNorm = double.NaN,
            Seconds = clock.Elapsed.TotalSeconds,
        }, outcome);
    }

    private MetaStepRecord WithoutLosses(int metaStep, Stopwatch clock) => new()
    {
        MetaStep = metaStep,
        TrainingLoss = double.NaN,
        Validation = new(double.NaN, double.NaN),
        ValidationErrorRate = double.NaN,
        Test = options.Test is null ? null : new(double.NaN, double.NaN),
        TestErrorRate = options.Test is null ? null : double.NaN,
        GradientNorm = double.NaN,
        Seconds = clock.Elapsed.TotalSeconds,
    };

    private TrainingRun RunAt(double[] vector, int metaStep)
    {
        var at = run.With(run.Hyperparameters!.WithVector(run.Network, vector)) with
        {
            Seed = options.FreshSeeds ? SeedOf(metaStep) : run.Seed,
        };
        options.Method.Validate(at.Lower());
        return at;
    }

    private ulong SeedOf(int metaStep)
    {
        var block = new Philox(run.Seed, RandomStreams.Of(RandomStreams.MetaSteps)).Block((ulong)metaStep);
        return (ulong)block.X << 32 | block.Y;
    }

    private static double LateLoss(double[] losses) => losses[^Math.Max(1, losses.Length / 10)..].Average();
}
