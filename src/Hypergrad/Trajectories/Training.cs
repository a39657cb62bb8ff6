using Hypergrad.Backends;
using Hypergrad.Data;
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
    /// <exception cref="TrainingDivergedException">Training diverged.</exception>
    public static TrainingOutcome Run(
        TrainingRun run, IReadOnlyList<Dataset> evaluateOn, IBackend? backend = null, Precision precision = Precision.Single,
        CancellationToken cancellation = default) => Run(run, evaluateOn, Plainly, backend, precision, cancellation);

    /// <summary>Trains the way a hypergradient's trajectory does, to the same bits, and evaluates.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="evaluateOn">The datasets to evaluate the trained network on.</param>
    /// <param name="train">Takes a session's weights from w_0 to w_T.</param>
    /// <param name="backend">Where; by default <see cref="Backend.Best"/>.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="cancellation">Checked between steps.</param>
    internal static TrainingOutcome Run(
        TrainingRun run, IReadOnlyList<Dataset> evaluateOn, Action<ISession> train, IBackend? backend, Precision precision,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(evaluateOn);
        using var session = (backend ?? Backend.Best()).Open(run.Lower(), precision, cancellation);
        DivergenceAdvice.Explain(run, () =>
        {
            train(session);
            return session;
        });
        var evaluations = new List<Evaluation[]>();
        foreach (var data in evaluateOn)
            evaluations.Add(session.Evaluate(data));
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

    private static void Plainly(ISession session)
    {
        session.Start();
        using var step = NewStep(session);
        session.ForEachStep(StepRange.Forward(0, session.Run.Steps), step);
    }
}
