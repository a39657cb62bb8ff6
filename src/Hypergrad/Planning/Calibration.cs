using System.Diagnostics;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Planning;

/// <summary>
/// Measures the parts of a run's methods over a few of its steps, on its own shapes, data and backend: products, convolutions, elementwise
/// passes, the exact arithmetic with its stores, copies of states and evaluations each take what they take there, in or out of the cache.
/// Methods are measured in turns, and of each part the shortest time counts.
/// </summary>
internal sealed class Calibration
{
    // The runtime compiles what is used often once more, a while after it was first used.
    private const double WarmingSeconds = 0.6, MostWarmingSeconds = 3;

    private const int WarmingRounds = 3;

    // Of a method's steps at a time: long enough for the clock, short enough for turns.
    private const double SecondsAtATime = 0.06;

    private const int MostSteps = 64, MostRounds = 12;

    private readonly RawRun run;
    private readonly Dataset validation;
    private readonly IReadOnlyCollection<Quantity> quantities;
    private readonly IBackend backend;
    private readonly PlanOptions options;
    private readonly Dictionary<HypergradientMethod, MethodTimes> times = [];

    private Calibration(
        RawRun run, Dataset validation, IReadOnlyCollection<Quantity> quantities, IBackend backend, PlanOptions options)
    {
        (this.run, this.validation, this.quantities, this.backend, this.options) = (run, validation, quantities, backend, options);
    }

    /// <summary>How many steps were measured at a time.</summary>
    public int Steps { get; private set; }

    /// <summary>Seconds of a step of plain training.</summary>
    public double TrainingStep { get; private set; } = double.PositiveInfinity;

    /// <summary>Seconds of a hash of the exact state; 0 where nothing was reversed.</summary>
    public double Hash { get; private set; } = double.PositiveInfinity;

    /// <summary>Seconds of a look at the adjoint's growth.</summary>
    public double Watch { get; private set; } = double.PositiveInfinity;

    /// <summary>Seconds to write every quantity of the run out, and to pull a gradient back to them.</summary>
    public double Results { get; private set; } = double.PositiveInfinity;

    /// <summary>How many rounds counted.</summary>
    public int Rounds { get; private set; }

    /// <summary>What was measured of a method, for <see cref="Steps"/> steps.</summary>
    public MethodTimes this[HypergradientMethod method] => times[method];

    /// <summary>Whether a method was measured.</summary>
    public bool Has(HypergradientMethod method) => times.ContainsKey(method);

    /// <summary>Measures.</summary>
    /// <param name="stated">The run as it was stated.</param>
    /// <param name="run">The same, lowered.</param>
    /// <param name="validation">The validation set.</param>
    /// <param name="quantities">The quantities whose gradients are wanted.</param>
    /// <param name="methods">What is measured, for a number of steps.</param>
    /// <param name="backend">Where.</param>
    /// <param name="options">How precisely, and for how long.</param>
    public static Calibration Measure(
        TrainingRun stated, RawRun run, Dataset validation, IReadOnlyCollection<Quantity> quantities,
        Func<int, IReadOnlyList<HypergradientMethod>> methods, IBackend backend, PlanOptions options)
    {
        var calibration = new Calibration(run, validation, quantities, backend, options);
        double slowest = calibration.Warm(methods);
        calibration.Steps = Math.Clamp((int)(SecondsAtATime / slowest), Math.Min(2, run.Steps), Math.Min(MostSteps, run.Steps));
        calibration.MeasureInTurns(stated, methods(calibration.Steps));
        return calibration;
    }

    // Seconds of the slowest method's step, out and back.
    private double Warm(Func<int, IReadOnlyList<HypergradientMethod>> methods)
    {
        int steps = Math.Min(2, run.Steps);
        var shortened = ShortRun.Of(run, steps);
        var started = Stopwatch.StartNew();
        for (int round = 0; round == 0 || started.Elapsed.TotalSeconds < (round < WarmingRounds ? MostWarmingSeconds : WarmingSeconds); round++)
        {
            MeasureAll(methods(steps), shortened);
            MeasureLandmarks(shortened);
        }
        double slowest = times.Values.Select(measured => (measured.Train + measured.Sweep) / steps).DefaultIfEmpty(1).Max();
        times.Clear();
        (TrainingStep, Hash, Watch) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        return slowest;
    }

    private void MeasureAll(IEnumerable<HypergradientMethod> methods, RawRun shortened)
    {
        foreach (var method in methods)
            if (Measure(shortened, method) is { } measured)
                times[method] = MethodTimes.Min(times.GetValueOrDefault(method, MethodTimes.Longest), measured);
    }

    private void MeasureInTurns(TrainingRun stated, IReadOnlyList<HypergradientMethod> methods)
    {
        var shortened = ShortRun.Of(run, Steps);
        var started = Stopwatch.StartNew();
        do
        {
            MeasureAll(methods, shortened);
            MeasureLandmarks(shortened);
            Results = Math.Min(Results, Seconds(() => stated.Lower()));
            Rounds++;
        }
        while (started.Elapsed.TotalSeconds < options.CalibrationSeconds && Rounds < MostRounds);
    }

    // Null where even a few steps do not fit into memory.
    private MethodTimes? Measure(RawRun shortened, HypergradientMethod method)
    {
        try
        {
            RunMemory.Require(shortened, method, quantities, options.Precision);
        }
        catch (MemoryException)
        {
            return null;
        }
        double train, evaluate, sweep;
        double started = options.Clock();
        using (var session = backend.Open(shortened, options.Precision, options.Cancellation))
        {
            using var adjoint = new Adjoint(session, quantities);
            using var trajectory = method.Open(session);
            train = Seconds(() =>
            {
                trajectory.Train();
                Await(session);
            });
            evaluate = Seconds(() => session.Evaluate(validation, adjoint.State.Weights));
            sweep = Seconds(() =>
            {
                method.Sweep(session, trajectory, adjoint);
                Await(session);
            });
            for (int replica = 0; replica < shortened.Replicas; replica++)
                _ = adjoint.ToRawGradient(replica);
        }
        double all = options.Clock() - started;
        return new(all - train - evaluate - sweep, train, evaluate, sweep);
    }

    private void MeasureLandmarks(RawRun shortened)
    {
        using var session = backend.Open(shortened, options.Precision, options.Cancellation);
        session.Start();
        using (var step = Training.NewStep(session))
            TrainingStep = Math.Min(TrainingStep, Seconds(() =>
            {
                session.ForEachStep(StepRange.Forward(0, shortened.Steps), step);
                Await(session);
            }) / shortened.Steps);
        var watch = new AdjointWatch(session, session.Gradient);
        Watch = Math.Min(Watch, Seconds(() => watch.Measure(0)));
        if (shortened.Optimizer.WhyIrreversible() is not null)
        {
            Hash = 0;
            return;
        }
        using var state = session.NewReversibleState();
        state.Start();
        Hash = Math.Min(Hash, Seconds(() => state.Hash()));
    }

    // A device has queued what it was asked for; its losses are known when it is done.
    private static void Await(ISession session) => session.TrainingLosses(0);

    private double Seconds(Action action)
    {
        double started = options.Clock();
        action();
        return options.Clock() - started;
    }
}
