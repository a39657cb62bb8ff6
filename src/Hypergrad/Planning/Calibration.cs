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
    private const double SecondsAtATime = 0.1;

    private const int MostSteps = 64, MostRounds = 12, MostWarmingSteps = 8;

    private readonly RawRun run;
    private readonly Dataset validation;
    private readonly IReadOnlyCollection<Quantity> quantities;
    private readonly IBackend backend;
    private readonly PlanOptions options;
    private readonly Func<int, IReadOnlyList<HypergradientMethod>> methods;
    private readonly Dictionary<(int Steps, int Method), MethodTimes> times = [];
    private readonly Dictionary<int, double> trainings = [];

    private Calibration(
        RawRun run, Dataset validation, IReadOnlyCollection<Quantity> quantities,
        Func<int, IReadOnlyList<HypergradientMethod>> methods, IBackend backend, PlanOptions options)
    {
        (this.run, this.validation, this.quantities) = (run, validation, quantities);
        (this.methods, this.backend, this.options) = (methods, backend, options);
    }

    /// <summary>How many steps were measured at a time.</summary>
    public int Steps { get; private set; }

    // What is done once, such as the first use of memory, is told from what every step does by a second, smaller number of steps.
    private int FewerSteps => Math.Max(1, Steps / 4);

    /// <summary>Seconds of a step of plain training.</summary>
    public double TrainingStep => Steps == FewerSteps
        ? trainings[Steps] / Steps
        : Math.Max(0, trainings[Steps] - trainings[FewerSteps]) / (Steps - FewerSteps);

    /// <summary>Seconds of a hash of the exact state; 0 where nothing was reversed.</summary>
    public double Hash { get; private set; } = double.PositiveInfinity;

    /// <summary>Seconds of a look at the adjoint's growth.</summary>
    public double Watch { get; private set; } = double.PositiveInfinity;

    /// <summary>Seconds to write every quantity of the run out, and to pull a gradient back to them.</summary>
    public double Results { get; private set; } = double.PositiveInfinity;

    /// <summary>How many rounds counted.</summary>
    public int Rounds { get; private set; }

    /// <summary>What was measured of a method: what it does once, and what a step takes; null where it could not be measured.</summary>
    /// <param name="method">Its place among those measured.</param>
    public MethodTimes? this[int method]
    {
        get
        {
            if (!times.TryGetValue((Steps, method), out var more) || !times.TryGetValue((FewerSteps, method), out var fewer))
                return null;
            double difference = Steps - FewerSteps;
            double Slope(double more, double fewer) => Steps == FewerSteps ? more / Steps : Math.Max(0, more - fewer) / difference;
            double train = Slope(more.Train, fewer.Train);
            double sweep = Slope(more.Sweep - Again(method, Steps), fewer.Sweep - Again(method, FewerSteps));
            double once = fewer.Train + fewer.Sweep - Again(method, FewerSteps) - FewerSteps * (train + sweep);
            return new(fewer.Open + Math.Max(0, once), train, Math.Min(more.Evaluate, fewer.Evaluate), sweep);
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="stated">The run as it was stated.</param>
    /// <param name="run">The same, lowered.</param>
    /// <param name="validation">The validation set.</param>
    /// <param name="quantities">The quantities whose gradients are wanted.</param>
    /// <param name="methods">What is measured, for a number of steps; always as many.</param>
    /// <param name="backend">Where.</param>
    /// <param name="options">How precisely, and for how long.</param>
    public static Calibration Measure(
        TrainingRun stated, RawRun run, Dataset validation, IReadOnlyCollection<Quantity> quantities,
        Func<int, IReadOnlyList<HypergradientMethod>> methods, IBackend backend, PlanOptions options)
    {
        var calibration = new Calibration(run, validation, quantities, methods, backend, options);
        double slowest = calibration.Warm();
        calibration.Steps = Math.Clamp((int)(SecondsAtATime / slowest), Math.Min(3, run.Steps), Math.Min(MostSteps, run.Steps));
        calibration.MeasureInTurns(stated);
        return calibration;
    }

    // Seconds of the slowest method's step, out and back.
    private double Warm()
    {
        var started = Stopwatch.StartNew();
        // Ever more steps, where they are short: of a single one most is what is done once.
        int steps = 1;
        for (int round = 0; round == 0 || started.Elapsed.TotalSeconds < WarmingUpTo(round); round++)
        {
            steps = Math.Min(run.Steps, round < WarmingRounds ? 1 << round : MostWarmingSteps);
            MeasureAll(steps);
        }
        double slowest = times.Where(entry => entry.Key.Steps == steps).Select(entry => (entry.Value.Train + entry.Value.Sweep) / steps)
            .DefaultIfEmpty(1).Max();
        times.Clear();
        trainings.Clear();
        (Hash, Watch) = (double.PositiveInfinity, double.PositiveInfinity);
        return slowest;
    }

    private static double WarmingUpTo(int round) => round < WarmingRounds ? MostWarmingSeconds : WarmingSeconds;

    private void MeasureInTurns(TrainingRun stated)
    {
        var started = Stopwatch.StartNew();
        do
        {
            MeasureAll(Steps);
            if (FewerSteps < Steps)
                MeasureAll(FewerSteps);
            Results = Math.Min(Results, Seconds(() => stated.Lower()));
            Rounds++;
        }
        while (started.Elapsed.TotalSeconds < options.CalibrationSeconds && Rounds < MostRounds);
    }

    private void MeasureAll(int steps)
    {
        var shortened = ShortRun.Of(run, steps);
        foreach (var (i, method) in methods(steps).Index())
            if (Measure(shortened, method) is { } measured)
                times[(steps, i)] = MethodTimes.Min(times.GetValueOrDefault((steps, i), MethodTimes.Longest), measured);
        MeasureTraining(shortened);
    }

    // Seconds of the steps that a method trains again on its way back.
    private double Again(int method, int steps) => methods(steps)[method] is CheckpointedMethod { Snapshots: { } snapshots }
        ? Recomputation.Of(steps, snapshots).StepsAgain * TrainingStep
        : 0;

    // Null where even a few steps do not fit into memory.
    private MethodTimes? Measure(RawRun shortened, HypergradientMethod method)
    {
        try
        {
            new RunMemory(shortened, quantities, options.Precision, backend).Require(method);
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

    private void MeasureTraining(RawRun shortened)
    {
        using var session = backend.Open(shortened, options.Precision, options.Cancellation);
        session.Start();
        using (var step = Training.NewStep(session))
            trainings[shortened.Steps] = Math.Min(trainings.GetValueOrDefault(shortened.Steps, double.PositiveInfinity), Seconds(() =>
            {
                session.ForEachStep(StepRange.Forward(0, shortened.Steps), step);
                Await(session);
            }));
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
