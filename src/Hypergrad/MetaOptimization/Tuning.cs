using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// The search loop: train, carry the validation loss back to the hyperparameters, step, again; a step that made things worse is taken back
/// and shortened (<see cref="Search"/>), and the best hyperparameters of all are what it leaves. Killed at any moment and started again
/// with the same settings, it ends with the same bits.
/// </summary>
public sealed class Tuning
{
    private readonly TrainingRun run;
    private readonly Dataset validation;
    private readonly TuningOptions options;
    private readonly IReadOnlyList<(string Name, string Value)> configuration;
    private readonly OutputFolder? folder;
    private readonly ComputedWith computedWith;
    private readonly Search search;
    private readonly StartSearch? startSearch;
    private FolderLock? claim;

    /// <summary>Prepares a tuning.</summary>
    /// <param name="run">A run of hyperparameters, at least one of them tuned.</param>
    /// <param name="validation">The validation set that guides.</param>
    /// <param name="options">How it is tuned.</param>
    /// <exception cref="ConfigurationException">
    /// Nothing to tune, settings that do not fit, or a state folder that cannot be written or is another tuning's.
    /// </exception>
    public Tuning(TrainingRun run, Dataset validation, TuningOptions? options = null)
    {
        this.run = run ?? throw new ArgumentNullException(nameof(run));
        this.validation = validation ?? throw new ArgumentNullException(nameof(validation));
        this.options = options ?? new();
        if (run.Hyperparameters is null)
            throw new ConfigurationException("A run of raw quantities cannot be tuned; describe it by a HyperparameterSet.");
        if (run.Hyperparameters.Tuned(run.Network).Count == 0)
            throw new ConfigurationException("Every hyperparameter is fixed; leave at least one to be tuned.");
        if (this.options.MetaSteps < 1)
            throw new ConfigurationException($"{this.options.MetaSteps} meta-steps: there must be at least 1.");
        if (this.options.Patience < 1)
            throw new ConfigurationException($"A patience of {this.options.Patience} meta-steps: it must be at least 1.");
        var raw = run.Lower();
        raw.Validate();
        RawRun.RequireFit(run.Network, validation, "validation");
        if (this.options.Test is { } test)
            RawRun.RequireFit(run.Network, test, "test");
        this.options.Method.Validate(raw);
        if (this.options.StartTrials != 0)
            startSearch = new(run, validation, this.options);
        configuration = TuningConfiguration.Of(run, validation, this.options);
        computedWith = ComputedWith.Of(this.options);
        search = new(this.options.MetaOptimizer, this.options.FreshSeeds);
        if (this.options.StateDirectory is { } directory)
            folder = new(directory, StateBytes);
        _ = LoadState();
    }

    /// <summary>
    /// How many meta-steps an earlier process has left done in the state folder: 0 where it was stopped in its first one, null where this
    /// tuning has not begun.
    /// </summary>
    public int? MetaStepsDone => LoadState()?.Records.Count;

    /// <summary>
    /// The hyperparameters with the lowest validation loss in the state folder. Null before the first meta-step, or without a state folder.
    /// </summary>
    public HyperparameterSet? LastGood =>
        LoadState() is { Best: { } best } ? run.Hyperparameters!.WithVector(run.Network, best.Vector) : null;

    /// <summary>Whether a folder holds the state of a tuning, be it this one or another.</summary>
    /// <param name="stateDirectory">The folder; it need not be there.</param>
    public static bool IsKeptIn(string stateDirectory) => TuningStateFile.IsIn(stateDirectory);

    /// <summary>
    /// Takes the state folder, so that no other tuning uses it, until what is returned is disposed or the process ends. <see cref="Run"/>
    /// does so by itself; a caller who writes results into the folder too takes it for longer.
    /// </summary>
    /// <exception cref="FolderInUseException">Another tuning has it.</exception>
    public IDisposable? Claim() => claim = folder is null ? null : FolderLock.Take(folder);

    /// <summary>Tunes, from where an earlier process left off if there is one.</summary>
    /// <exception cref="DivergedException">
    /// Training diverged at the start, or its hypergradient did; later ones are taken back.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; likewise.</exception>
    /// <exception cref="FolderInUseException">Another tuning is using the state folder.</exception>
    /// <exception cref="ConfigurationException">The state's folder is full.</exception>
    public TuningResult Run()
    {
        using var own = folder is null || claim is { IsHeld: true } ? null : FolderLock.Take(folder);
        var state = LoadState() ?? StartingState();
        // Kept before anything is done, so that a tuning stopped in its first meta-step is one that has begun.
        if (state.Records.Count == 0)
            Save(state);
        state = FindStart(state);
        var clock = Stopwatch.StartNew();
        int doneBefore = state.Records.Count;
        while (state.Records.Count < options.MetaSteps && !IsOutOfPatience(state))
        {
            state = Step(state);
            Save(state);
            double perStep = clock.Elapsed.TotalSeconds / (state.Records.Count - doneBefore);
            var remaining = TimeSpan.FromSeconds(perStep * (options.MetaSteps - state.Records.Count));
            options.Progress?.Report(new(state.Records[^1], options.MetaSteps, remaining));
        }
        return Finish(state);
    }

    // The coordinates to try, a gradient and coordinates twice, two moments and the pairs, as the old state and the new one beside it; and
    // the records.
    private long StateBytes
    {
        get
        {
            int coordinates = run.Hyperparameters!.ToVector(run.Network).Length;
            long vectors = 7 + 2 * QuasiNewton.PairsFor(coordinates);
            return 2L * (vectors * sizeof(double) * coordinates + 260L * options.MetaSteps + 260L * options.StartTrials + 8L * run.Steps);
        }
    }

    private TuningState? LoadState()
    {
        if (folder is null || TuningStateFile.Load(folder) is not { } state)
            return null;
        // Of another tuning that has done nothing yet, nothing is lost when this one takes its place.
        var before = state.ComputedWith[^1];
        bool otherBits = !before.HasBitsOf(computedWith);
        if (state.Records.Count == 0 && (otherBits || TuningConfiguration.Difference(configuration, state.Configuration) is not null))
            return null;
        TuningConfiguration.RequireSame(configuration, state.Configuration, folder.Path);
        if (!otherBits)
            return state;
        return options.AllowOtherBits
            ? state with { ComputedWith = [.. state.ComputedWith, computedWith with { MetaStep = state.Records.Count }] }
            : throw before.Refuses(computedWith, folder.Path);
    }

    private void Save(TuningState state)
    {
        if (folder is not null)
            TuningStateFile.Save(folder, state);
    }

    private TuningState StartingState() =>
        TuningState.Start(configuration, run.Hyperparameters!.ToVector(run.Network), options.MetaOptimizer, [computedWith]);

    // Saved after every trial; the start is found again from them, and its vector with the first meta-step.
    private TuningState FindStart(TuningState state)
    {
        if (startSearch is null || state.Records.Count > 0)
            return state;
        while (state.StartTrials.Count < options.StartTrials)
            Save(state = state with { StartTrials = [.. state.StartTrials, startSearch.Try(state.StartTrials)] });
        return state with { Vector = startSearch.VectorOf(StartSearch.Best(state.StartTrials)) };
    }

    private TuningState Step(TuningState state)
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
                Cancellation = options.Cancellation,
            });
        }
        catch (HypergradException exception) when (state.Best is not null && exception is DivergedException or ConfigurationException)
        {
            return search.TakeDiverged(state, WithoutLosses(state.Records.Count, clock));
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
        return state.Records.Count > 0 ? next : next with { FirstTrainingLosses = hypergradient.TrainingLosses };
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

    private bool IsOutOfPatience(TuningState state) =>
        options.Patience is { } patience && state.Best is { } best && state.Records.Count - 1 - best.MetaStep >= patience;

    // The latest hyperparameters are judged too; then the best of all are trained once more, for their curve.
    private TuningResult Finish(TuningState state)
    {
        var best = state.Best!;
        var clock = Stopwatch.StartNew();
        MetaStepRecord last;
        TrainingOutcome? outcome = null;
        try
        {
            (last, outcome) = Judge(RunAt(state.Vector, state.Records.Count), state.Records.Count, clock);
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
            outcome = Judge(learned, best.MetaStep, clock).Outcome;
        return new(
            StartOf(state), learned, [.. state.Records, last], state.FirstTrainingLosses, ReplicaMean.Of(outcome!.TrainingLosses).Mean)
        {
            LearnedWeights = outcome.FinalWeights,
            ComputedWith = state.ComputedWith,
            StartSearch = startSearch is null ? null : new(startSearch.Constants, state.StartTrials),
        };
    }

    private TrainingRun StartOf(TuningState state) => startSearch is null ? run
        : run.With(run.Hyperparameters!.WithVector(run.Network, startSearch.VectorOf(StartSearch.Best(state.StartTrials))));

    private (MetaStepRecord Record, TrainingOutcome Outcome) Judge(TrainingRun learned, int metaStep, Stopwatch clock)
    {
        Dataset[] judged = options.Test is null ? [validation] : [validation, options.Test];
        var outcome = Training.Run(learned, judged, Train, options.Backend, options.Precision, options.Cancellation);
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

    // In the method's own arithmetic, so that the last record is to the bit what a meta-step that went on from here would record.
    private void Train(ISession session)
    {
        using var trajectory = options.Method.Open(session);
        trajectory.Train();
    }

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
