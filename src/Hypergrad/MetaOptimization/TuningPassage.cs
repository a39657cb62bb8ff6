using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Observability;
using Hypergrad.Runs;
using Microsoft.Extensions.Logging;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// One going on with a tuning, from where it stands to its end or until it is stopped. After every meta-step its state is kept, so that it
/// can be given up at any time.
/// </summary>
internal sealed class TuningPassage : IDisposable
{
    private readonly TrainingRun run;
    private readonly TuningOptions options;
    private readonly TuningStore store;
    private readonly TuningTrainings trainings;
    private readonly IDisposable? place;
    private readonly ILogger log;
    private readonly Activity? activity;
    private readonly string backend;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly int doneBefore;
    private TuningState state;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="run">The run that is tuned.</param>
    /// <param name="options">How it is tuned.</param>
    /// <param name="store">Where its state is kept.</param>
    /// <param name="trainings">Its trainings.</param>
    /// <param name="place">What keeps others out of the folder for as long as this lasts, and is let go with it; null for nothing.</param>
    /// <param name="log">The log.</param>
    public TuningPassage(
        TrainingRun run, TuningOptions options, TuningStore store, TuningTrainings trainings, IDisposable? place, ILogger log)
    {
        (this.run, this.options, this.store, this.trainings, this.place, this.log) = (run, options, store, trainings, place, log);
        backend = (options.Backend ?? Backend.Best()).Name;
        try
        {
            var kept = store.Load();
            state = kept ?? store.Begin(run.Hyperparameters!.ToVector(run.Network), options.MetaOptimizer);
            doneBefore = state.Records.Count;
            // Kept before anything is done, so that a tuning stopped in its first meta-step is one that has begun.
            if (doneBefore == 0)
                store.Save(state, log);
        }
        catch
        {
            place?.Dispose();
            throw;
        }
        activity = HypergradTelemetry.Begin(ActivityNames.Tuning, () =>
        [
            new(TagNames.Backend, backend), new(TagNames.Network, run.Network.ToString()), new(TagNames.Steps, run.Steps),
            new(TagNames.Replicas, run.Replicas), new(TagNames.Method, options.Method.Name),
            new(TagNames.Coordinates, state.Vector.Length), new(TagNames.MetaSteps, options.MetaSteps),
        ]);
        LogBeginning();
    }

    /// <summary>Whether all meta-steps are made, or patience is out.</summary>
    public bool IsDone => state.Records.Count >= options.MetaSteps
        || options.Patience is { } patience && state.Best is { } best && state.Records.Count - 1 - best.MetaStep >= patience;

    /// <summary>Makes the next meta-step, and keeps the state after it.</summary>
    /// <param name="cancellation">Checked between training steps.</param>
    public MetaStep Next(CancellationToken cancellation) => Observed(() =>
    {
        while (trainings.SearchesStart(state))
            store.Save(state = trainings.TryStart(state, cancellation), log);
        using var step = HypergradTelemetry.Begin(ActivityNames.MetaStep, () => [new(TagNames.MetaStep, state.Records.Count)]);
        (state, var hypergradient) = trainings.Step(state, cancellation);
        store.Save(state, log);
        var record = state.Records[^1];
        Tell(step, record);
        double perStep = clock.Elapsed.TotalSeconds / (state.Records.Count - doneBefore);
        var remaining = TimeSpan.FromSeconds(perStep * (options.MetaSteps - state.Records.Count));
        options.Progress?.Report(new(record, options.MetaSteps, remaining));
        var best = run.Hyperparameters!.WithVector(run.Network, state.Best!.Vector);
        return new MetaStep(record, hypergradient, best, options.MetaSteps, remaining);
    });

    /// <summary>Judges what all meta-steps led to.</summary>
    /// <param name="cancellation">Checked between training steps.</param>
    public TuningResult Finish(CancellationToken cancellation) => Observed(() =>
    {
        var result = trainings.Finish(state, cancellation);
        activity?.SetTag(TagNames.ValidationLoss, result.After.Validation.Mean);
        log.Tuned(state.Records.Count, result.Before.Validation.Mean, result.After.Validation.Mean);
        return result;
    });

    /// <summary>Lets the folder go.</summary>
    public void Dispose()
    {
        activity?.Dispose();
        place?.Dispose();
    }

    // Meta-steps may be made by one thread after another, and belong to the tuning on each.
    private T Observed<T>(Func<T> body)
    {
        var outer = Activity.Current;
        if (activity is not null)
            Activity.Current = activity;
        try
        {
            return body();
        }
        catch (OperationCanceledException exception)
        {
            activity.Fail(exception);
            log.TuningStopped(state.Records.Count, options.MetaSteps);
            throw;
        }
        catch (Exception exception)
        {
            activity.Fail(exception);
            throw;
        }
        finally
        {
            if (activity is not null)
                Activity.Current = outer;
        }
    }

    private void LogBeginning()
    {
        if (state.ComputedWith.Count > 1 && state.ComputedWith[^1].MetaStep == doneBefore)
            log.OtherBits(state.ComputedWith[^2].ToString(), state.ComputedWith[^1].ToString());
        if (doneBefore > 0)
            log.GoesOn(doneBefore, options.MetaSteps);
        else
            log.Begins(state.Vector.Length, run.Network.ToString(), options.MetaSteps, run.Steps, backend);
    }

    private void Tell(Activity? step, MetaStepRecord record)
    {
        var outcome = new KeyValuePair<string, object?>(TagNames.Outcome, record.Outcome.ToString());
        var on = new KeyValuePair<string, object?>(TagNames.Backend, backend);
        Instruments.MetaSteps.Add(1, outcome, on);
        Instruments.MetaStepSeconds.Record(record.Seconds, outcome, on);
        step?.SetTag(TagNames.Outcome, outcome.Value).SetTag(TagNames.TrainingLoss, record.TrainingLoss)
            .SetTag(TagNames.ValidationLoss, record.Validation.Mean).SetTag(TagNames.GradientNorm, record.GradientNorm);
        if (record.Test is { } test)
            step?.SetTag(TagNames.TestLoss, test.Mean);
        int number = record.MetaStep + 1;
        if (record.Outcome == MetaStepOutcome.TakenBack)
            log.MetaStepTakenBack(number, options.MetaSteps, record.Validation.Mean, state.Best!.Validation.Mean);
        else if (record.Outcome == MetaStepOutcome.Kept)
            log.MetaStepKept(number, options.MetaSteps, record.Validation.Mean, record.GradientNorm, record.Seconds);
    }
}
