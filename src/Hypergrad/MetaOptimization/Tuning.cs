using System.Runtime.CompilerServices;
using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// The search loop: train, carry the validation loss back to the hyperparameters, step, again; a step that made things worse is taken back
/// and shortened (<see cref="Search"/>), and the best hyperparameters of all are what it leaves. Killed at any moment and started again
/// with the same settings, it ends with the same bits. Stopped by a cancellation, or by breaking out of <see cref="RunAsync"/>, the same
/// object goes on from the last meta-step that was made; with a state folder, so does another process.
/// </summary>
public sealed class Tuning
{
    private readonly TrainingRun run;
    private readonly TuningOptions options;
    private readonly OutputFolder? folder;
    private readonly TuningStore store;
    private readonly TuningTrainings trainings;
    private readonly ILogger log;
    private FolderLock? claim;
    private int running;

    /// <summary>Prepares a tuning.</summary>
    /// <param name="run">A run of hyperparameters, at least one of them tuned.</param>
    /// <param name="validation">The validation set that guides.</param>
    /// <param name="options">How it is tuned.</param>
    /// <exception cref="ConfigurationException">
    /// Nothing to tune, settings that do not fit, a transform whose derivative is wrong (<see cref="TransformCheck"/>), or a state folder
    /// that cannot be written or is another tuning's.
    /// </exception>
    /// <exception cref="MemoryException">A hypergradient cannot fit into memory; nothing of it was set aside.</exception>
    public Tuning(TrainingRun run, Dataset validation, TuningOptions? options = null)
    {
        this.run = run ?? throw new ArgumentNullException(nameof(run));
        ArgumentNullException.ThrowIfNull(validation);
        this.options = options ?? new();
        log = this.options.Logger ?? NullLogger.Instance;
        if (run.Hyperparameters is null)
            throw new ConfigurationException("A run of raw quantities cannot be tuned; describe it by a HyperparameterSet.");
        if (run.Hyperparameters.Tuned(run.Network).Count == 0)
            throw new ConfigurationException("Every hyperparameter is fixed; leave at least one to be tuned.");
        if (this.options.MetaSteps < 1)
            throw new ConfigurationException($"{this.options.MetaSteps} meta-steps: there must be at least 1.");
        if (this.options.Patience < 1)
            throw new ConfigurationException($"A patience of {this.options.Patience} meta-steps: it must be at least 1.");
        if (this.options.StepDecay < 1)
            throw new ConfigurationException($"A step size that decays over {this.options.StepDecay} meta-steps: it must be at least 1.");
        var raw = run.Lower();
        raw.Validate();
        RawRun.RequireFit(run.Network, validation, "validation");
        if (this.options.Test is { } test)
            RawRun.RequireFit(run.Network, test, "test");
        this.options.Method.Validate(raw);
        // Here, and not by the first hypergradient, which a search for a start comes before.
        var backend = this.options.Backend ?? Backends.Backend.Best();
        if (backend.Name != "cuda")
            new RunMemory(raw, run.Hyperparameters.TunedQuantities, this.options.Precision, backend).Require(this.options.Method);
        foreach (var tuned in run.Hyperparameters.Tuned(run.Network).Where(tuned => tuned.Hyperparameter.Transform is not null))
            TransformCheck.Require(tuned.Transform, tuned.Values, $"The transform of the {tuned.Name}");
        if (this.options.StateDirectory is { } directory)
            folder = new(directory, StateBytes);
        store = new(
            folder, TuningConfiguration.Of(run, validation, this.options), ComputedWith.Of(this.options), this.options.AllowOtherBits);
        trainings = new(run, validation, this.options, log, this.options.StartTrials == 0 ? null : new(run, validation, this.options));
        _ = store.Load();
    }

    /// <summary>
    /// How many meta-steps are done, by this object or, with a state folder, by an earlier process: 0 where it was stopped in its first
    /// one, null where this tuning has not begun.
    /// </summary>
    public int? MetaStepsDone => store.Load()?.Records.Count;

    /// <summary>The hyperparameters with the lowest validation loss so far; null before the first meta-step was made.</summary>
    public HyperparameterSet? LastGood =>
        store.Load() is { Best: { } best } ? run.Hyperparameters!.WithVector(run.Network, best.Vector) : null;

    /// <summary>Whether a folder holds the state of a tuning, be it this one or another.</summary>
    /// <param name="stateDirectory">The folder; it need not be there.</param>
    public static bool IsKeptIn(string stateDirectory) => TuningStateFile.IsIn(stateDirectory);

    /// <summary>
    /// Takes the state folder, so that no other tuning uses it, until what is returned is disposed or the process ends. <see cref="Run"/>
    /// does so by itself; a caller who writes results into the folder too takes it for longer.
    /// </summary>
    /// <exception cref="FolderInUseException">Another tuning has it.</exception>
    public IDisposable? Claim() => claim = folder is null ? null : FolderLock.Take(folder);

    /// <summary>Tunes, from where it was left off if it was.</summary>
    /// <exception cref="DivergedException">
    /// Training diverged at the start, or its hypergradient did; later ones are taken back.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the meta-steps made are kept.</exception>
    /// <exception cref="FolderInUseException">Another tuning is using the state folder.</exception>
    /// <exception cref="InvalidOperationException">This object is tuning already.</exception>
    /// <exception cref="ConfigurationException">The state's folder is full.</exception>
    public TuningResult Run() => RunToEnd(options.Cancellation);

    /// <summary>
    /// Makes the meta-steps that are left, one for each that is asked for, on a thread of the pool. Breaking out between two of them, or a
    /// cancellation, leaves the tuning where the last one made has brought it; enumerating again, <see cref="Run"/> or
    /// <see cref="CompleteAsync"/> go on from there.
    /// </summary>
    /// <param name="cancellation">Checked between training steps, beside <see cref="TuningOptions.Cancellation"/>.</param>
    /// <example><code>
    /// await foreach (MetaStep step in tuning.RunAsync(cancellation))
    ///     if (step.Record.Validation.Mean &lt; goodEnough)
    ///         break;
    /// TuningResult result = await tuning.CompleteAsync(cancellation);
    /// </code></example>
    /// <inheritdoc cref="Run" path="/exception"/>
    public async IAsyncEnumerable<MetaStep> RunAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, options.Cancellation);
        using var passage = await Task.Run(Begin, CancellationToken.None).ConfigureAwait(false);
        while (!passage.IsDone)
            yield return await Task.Run(() => passage.Next(either.Token), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Makes the meta-steps that are left, as <see cref="Run"/> does, on a thread of the pool.</summary>
    /// <param name="cancellation">Checked between training steps, beside <see cref="TuningOptions.Cancellation"/>.</param>
    /// <inheritdoc cref="Run" path="/exception"/>
    public async Task<TuningResult> CompleteAsync(CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, options.Cancellation);
        return await Task.Run(() => RunToEnd(either.Token), CancellationToken.None).ConfigureAwait(false);
    }

    private TuningResult RunToEnd(CancellationToken cancellation)
    {
        using var passage = Begin();
        while (!passage.IsDone)
            passage.Next(cancellation);
        return passage.Finish(cancellation);
    }

    private TuningPassage Begin() => new(run, options, store, trainings, TakePlace(), log);

    // One passage of this object at a time, and one tuning in the folder.
    private Place TakePlace()
    {
        if (Interlocked.Exchange(ref running, 1) != 0)
            throw new InvalidOperationException("This tuning is running already; wait for it, or stop it, before it is run again.");
        try
        {
            return new Place(this, folder is null || claim is { IsHeld: true } ? null : FolderLock.Take(folder));
        }
        catch
        {
            Volatile.Write(ref running, 0);
            throw;
        }
    }

    // The coordinates to try, a gradient and coordinates twice, what the meta-optimizer remembers and the pairs, as the old state and the
    // new one beside it; and the records.
    private long StateBytes
    {
        get
        {
            int coordinates = run.Hyperparameters!.ToVector(run.Network).Length;
            long numbers = (5L + 2 * QuasiNewton.PairsFor(coordinates)) * coordinates + options.MetaOptimizer.Start(coordinates).Count;
            return 2L * (sizeof(double) * numbers + 260L * options.MetaSteps + 260L * options.StartTrials + 8L * run.Steps);
        }
    }

    private sealed class Place(Tuning tuning, FolderLock? folder) : IDisposable
    {
        public void Dispose()
        {
            folder?.Dispose();
            Volatile.Write(ref tuning.running, 0);
        }
    }
}
