using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Observability;
using Hypergrad.Runs;

namespace Hypergrad.Trajectories;

/// <summary>Plain training: forward in floating point, nothing kept and nothing reversed.</summary>
public static class Training
{
    /// <summary>Trains and evaluates.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="evaluateOn">The datasets to evaluate the trained network on.</param>
    /// <param name="backend">Where; by default <see cref="Backend.Best"/>.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <exception cref="ConfigurationException">The run makes no sense, or a dataset does not fit its network.</exception>
    /// <exception cref="MemoryException">It cannot fit into memory; nothing of it was set aside.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingOutcome Run(
        TrainingRun run, IReadOnlyList<Dataset> evaluateOn, IBackend? backend = null, Precision precision = Precision.Single,
        CancellationToken cancellation = default) =>
        Run(run, evaluateOn, new TrainingOptions { Backend = backend, Precision = precision, Cancellation = cancellation });

    /// <summary>Trains and evaluates, and tells of it.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="evaluateOn">The datasets to evaluate the trained network on; the first is taken for the validation set.</param>
    /// <param name="options">How and where.</param>
    /// <inheritdoc cref="Run(TrainingRun, IReadOnlyList{Dataset}, IBackend, Precision, CancellationToken)" path="/exception"/>
    public static TrainingOutcome Run(TrainingRun run, IReadOnlyList<Dataset> evaluateOn, TrainingOptions options) =>
        Run(run, evaluateOn, session => new PlainTrajectory(session), options);

    /// <summary>Trains the way a hypergradient's trajectory does, to the same bits, and evaluates.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="evaluateOn">The datasets to evaluate the trained network on.</param>
    /// <param name="open">The trajectory of a session, which takes its weights from w_0 to w_T.</param>
    /// <param name="options">How and where.</param>
    internal static TrainingOutcome Run(
        TrainingRun run, IReadOnlyList<Dataset> evaluateOn, Func<ISession, Trajectory> open, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(evaluateOn);
        ArgumentNullException.ThrowIfNull(options);
        var raw = run.Lower();
        var backend = options.Backend ?? Backend.Best();
        // The memory of a device is its own, and its library tells of it.
        if (backend.Name != "cuda")
            TrainingMemory.Require(raw, options.Precision, backend);
        var observer = new RunObserver(raw, backend, options.Precision, options.Logger, options.Progress);
        using var activity = observer.Begin(ActivityNames.Training);
        using var session = backend.Open(raw, options.Precision, options.Cancellation);
        DivergenceAdvice.Explain(run, () =>
        {
            observer.Train(session, open);
            return session;
        });
        var evaluations = new List<Evaluation[]>();
        if (evaluateOn.Count > 0)
            observer.During(RunPhase.Evaluation, evaluation =>
            {
                foreach (var data in evaluateOn)
                {
                    options.Cancellation.ThrowIfCancellationRequested();
                    evaluations.Add(session.Evaluate(data));
                }
                observer.Evaluated(evaluation, evaluations[0], evaluations.ElementAtOrDefault(1));
            });
        var weights = new double[run.Replicas][];
        var losses = new double[run.Replicas][];
        for (int replica = 0; replica < run.Replicas; replica++)
        {
            weights[replica] = new double[run.Network.ParameterCount];
            session.Weights.CopyTo(replica, weights[replica]);
            losses[replica] = session.TrainingLosses(replica);
        }
        return new(evaluations, losses, weights);
    }

    /// <summary>A step in floating point.</summary>
    internal static IStepBody NewStep(ISession session) => session.NewBody(step =>
    {
        session.EvaluateGradient(step);
        session.Advance(step);
    });
}
