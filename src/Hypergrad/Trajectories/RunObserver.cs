using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Observability;
using Hypergrad.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypergrad.Trajectories;

/// <summary>Tells of a run while it is computed: to activities, measurements, a log and whoever asked for its progress.</summary>
/// <param name="run">The run.</param>
/// <param name="backend">Where it is computed.</param>
/// <param name="precision">The floating-point type of gradients.</param>
/// <param name="logger">The log, or null.</param>
/// <param name="progress">Who asked, or null.</param>
internal sealed class RunObserver(
    RawRun run, IBackend backend, Precision precision, ILogger? logger, IProgress<RunProgress>? progress)
{
    private readonly KeyValuePair<string, object?> backendTag = new(TagNames.Backend, backend.Name);
    private readonly ILogger log = logger ?? NullLogger.Instance;
    private int back;

    /// <summary>Begins the activity around all phases; null where nobody listens.</summary>
    /// <param name="name">One of <see cref="ActivityNames"/>.</param>
    public Activity? Begin(string name)
    {
        log.TrainingBegins(run.Network.ToString(), run.Steps, run.Replicas, backend.Name, Spelled(precision));
        return HypergradTelemetry.Begin(name, () =>
        [
            backendTag, new(TagNames.Precision, Spelled(precision)), new(TagNames.Network, run.Network.ToString()),
            new(TagNames.Steps, run.Steps), new(TagNames.Replicas, run.Replicas),
        ]);
    }

    /// <summary>Trains by a trajectory that is given up afterwards.</summary>
    /// <param name="session">The session.</param>
    /// <param name="open">The session's trajectory.</param>
    public void Train(ISession session, Func<ISession, Trajectory> open)
    {
        using var trajectory = open(session);
        Train(session, trajectory);
    }

    /// <summary>The phase <see cref="RunPhase.Forward"/>; the trajectory tells of its way back too.</summary>
    /// <param name="session">The session.</param>
    /// <param name="trajectory">Its trajectory.</param>
    public void Train(ISession session, Trajectory trajectory)
    {
        trajectory.WentTo += Trained;
        trajectory.CameBackTo += CameBack;
        During(RunPhase.Forward, activity =>
        {
            trajectory.Train();
            if (activity is null && !log.IsEnabled(LogLevel.Debug))
                return;
            double loss = Enumerable.Range(0, run.Replicas).Average(replica => session.TrainingLosses(replica)[^1]);
            activity?.SetTag(TagNames.TrainingLoss, loss);
            log.Trained(run.Steps, loss);
        });
    }

    /// <summary>Does a phase.</summary>
    /// <param name="phase">Which.</param>
    /// <param name="body">What is done; it may tag the phase's activity, which is null where nobody listens.</param>
    public void During(RunPhase phase, Action<Activity?> body)
    {
        using var activity = HypergradTelemetry.Begin(ActivityNames.Of(phase), () => [backendTag]);
        if (phase != RunPhase.Evaluation)
            activity?.SetTag(TagNames.Steps, run.Steps);
        progress?.Report(new(phase, 0, phase == RunPhase.Evaluation ? 0 : run.Steps));
        back = run.Steps;
        long start = Stopwatch.GetTimestamp();
        try
        {
            body(activity);
        }
        catch (Exception exception)
        {
            activity.Fail(exception);
            throw;
        }
        finally
        {
            Instruments.PhaseSeconds.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds, new(TagNames.Phase, ActivityNames.Of(phase)), backendTag);
        }
    }

    /// <summary>The network was evaluated.</summary>
    /// <param name="activity">Of the evaluation.</param>
    /// <param name="validation">Each replica's.</param>
    /// <param name="test">Likewise; null without a test set.</param>
    public void Evaluated(Activity? activity, Evaluation[] validation, Evaluation[]? test)
    {
        double loss = validation.Average(evaluation => evaluation.Loss);
        activity?.SetTag(TagNames.ValidationLoss, loss);
        if (test is not null)
            activity?.SetTag(TagNames.TestLoss, test.Average(evaluation => evaluation.Loss));
        Instruments.ValidationLoss.Record(loss, backendTag);
        log.Evaluated(loss);
    }

    /// <summary>The adjoint is back at the start.</summary>
    /// <param name="activity">Of the way back.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="reversal">What was reversed; null where nothing was.</param>
    public void Returned(Activity? activity, string method, ReversalReport? reversal)
    {
        log.WentBack(run.Steps, method, reversal?.Exact, reversal?.BitsPerWeightStep);
        if (reversal is null)
            return;
        activity?.SetTag(TagNames.Exact, reversal.Exact);
        activity?.SetTag(TagNames.BitsPerWeightStep, reversal.BitsPerWeightStep);
        if (Instruments.BitsStored.Enabled)
            Instruments.BitsStored.Add(
                (long)Math.Round(reversal.BitsPerWeightStep * run.Network.ParameterCount * run.Steps) * run.Replicas, backendTag);
    }

    private void Trained(int count, int? step)
    {
        Instruments.StepsTrained.Add((long)count * run.Replicas, backendTag);
        if (step is { } done)
            progress?.Report(new(RunPhase.Forward, done, run.Steps));
    }

    private void CameBack(int step)
    {
        Instruments.StepsReversed.Add((long)(back - step) * run.Replicas, backendTag);
        back = step;
        progress?.Report(new(RunPhase.Reverse, run.Steps - step, run.Steps));
    }

    private static string Spelled(Precision precision) => precision.ToString().ToLowerInvariant();
}
