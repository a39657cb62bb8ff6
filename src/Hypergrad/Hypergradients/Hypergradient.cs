using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Observability;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

/// <summary>
/// The gradient of the validation loss F, the mean loss over the validation set at the end of a training run, with respect to the run's
/// hyperparameters; with several replicas the mean of theirs.
/// </summary>
public sealed class Hypergradient
{
    private Hypergradient() { }

    /// <summary>The run.</summary>
    public required TrainingRun Run { get; init; }

    /// <summary>The method that computed it.</summary>
    public required HypergradientMethod Method { get; init; }

    /// <summary>F, the mean loss per validation example at w_T.</summary>
    public double ValidationLoss => Validation.Mean;

    /// <summary>F, with its standard error over replicas.</summary>
    public required Estimate Validation { get; init; }

    /// <summary>The fraction of validation examples classified wrongly; NaN for the squared loss.</summary>
    public required double ValidationErrorRate { get; init; }

    /// <summary>The mean loss over the test set at w_T, if one was given.</summary>
    public Estimate? Test { get; init; }

    /// <summary>The fraction of test examples classified wrongly, if a test set was given.</summary>
    public double? TestErrorRate { get; init; }

    /// <summary>The training loss of every step's minibatch, penalties included, averaged over replicas; [steps].</summary>
    public required double[] TrainingLosses { get; init; }

    /// <summary>w_T of each replica, if it was asked for; [weights].</summary>
    public IReadOnlyList<double[]>? FinalWeights { get; init; }

    /// <summary>The gradient with respect to the raw quantities.</summary>
    public required RawGradient Raw { get; init; }

    /// <summary>The standard error of <see cref="Raw"/> over replicas; null for a single replica.</summary>
    public RawGradient? RawStandardError { get; init; }

    /// <summary>The tuned hyperparameters, in the order of <see cref="Coordinates"/>; empty for a run of raw quantities.</summary>
    public required IReadOnlyList<TunedHyperparameter> Tuned { get; init; }

    /// <summary>
    /// The gradient with respect to the coordinates of the tuned hyperparameters (<see cref="HyperparameterSet.ToVector"/>).
    /// </summary>
    public required double[] Coordinates { get; init; }

    /// <summary>The standard error of <see cref="Coordinates"/> over replicas; null for a single replica.</summary>
    public double[]? CoordinatesStandardError { get; init; }

    /// <summary>What the reversal showed; null where nothing was reversed.</summary>
    public ReversalReport? Reversal { get; init; }

    /// <summary>How far the adjoint grew on its way back through the training.</summary>
    public required AdjointGrowth AdjointGrowth { get; init; }

    /// <summary>How far each raw part is from the exact one, if that was asked for; empty for an exact method.</summary>
    public IReadOnlyList<GradientAccuracy> Accuracy { get; init; } = [];

    /// <summary>The exact hypergradient, by undoing every training step to the bit (<see cref="ReversibleMethod"/>).</summary>
    /// <inheritdoc cref="Compute"/>
    public static Hypergradient Exact(TrainingRun run, Dataset validation, HypergradientOptions? options = null) =>
        Compute(run, validation, new ReversibleMethod(), options);

    /// <summary>The exact hypergradient, from snapshots (<see cref="CheckpointedMethod"/>).</summary>
    /// <inheritdoc cref="Compute"/>
    public static Hypergradient Checkpointed(TrainingRun run, Dataset validation, HypergradientOptions? options = null) =>
        Compute(run, validation, new CheckpointedMethod(), options);

    /// <summary>The exact hypergradient, from every state kept (<see cref="StoredMethod"/>).</summary>
    /// <inheritdoc cref="Compute"/>
    public static Hypergradient Stored(TrainingRun run, Dataset validation, HypergradientOptions? options = null) =>
        Compute(run, validation, new StoredMethod(), options);

    /// <summary>An approximate hypergradient along a straight line (<see cref="DrMadMethod"/>).</summary>
    /// <inheritdoc cref="Compute"/>
    public static Hypergradient DrMad(TrainingRun run, Dataset validation, HypergradientOptions? options = null) =>
        Compute(run, validation, new DrMadMethod(), options);

    /// <summary>Trains, and carries the gradient of the validation loss back through the training.</summary>
    /// <param name="run">The training run.</param>
    /// <param name="validation">The validation set; it must fit the run's network.</param>
    /// <param name="method">How the states of training are found again.</param>
    /// <param name="options">Where, how precisely, and what is wanted.</param>
    /// <exception cref="ConfigurationException">The run, the method or the data do not fit each other.</exception>
    /// <exception cref="MemoryException">The run cannot fit into memory; nothing of it was set aside.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged.</exception>
    /// <exception cref="HypergradientDivergedException">The hypergradient, or the adjoint on its way back, is not finite.</exception>
    /// <exception cref="ReversalException">The reversal did not come back over the states it went out by.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Hypergradient Compute(
        TrainingRun run, Dataset validation, HypergradientMethod method, HypergradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(method);
        return DivergenceAdvice.Explain(run, () => TrainAndCarryBack(run, validation, method, options ?? new()));
    }

    /// <summary>In one line: the validation loss, how many hypergradients, by which method.</summary>
    public override string ToString() =>
        $"validation loss {Validation}, {(Coordinates.Length > 0 ? $"{Coordinates.Length} hypergradients" : "raw hypergradients")} by the "
        + $"{Method.Name} method{(Reversal is { } reversal ? $", reversed to the bit: {reversal.Exact}" : "")}";

    private static Hypergradient TrainAndCarryBack(
        TrainingRun run, Dataset validation, HypergradientMethod method, HypergradientOptions options)
    {
        RawRun.RequireFit(run.Network, validation, "validation");
        if (options.Test is not null)
            RawRun.RequireFit(run.Network, options.Test, "test");
        var raw = run.Lower();
        Quantity[] quantities = [.. Wanted(run, raw, options)];
        method.Validate(raw);

        var backend = options.Backend ?? Backend.Best();
        // The memory of a device is its own, and its library tells of it.
        if (backend.Name != "cuda")
            new RunMemory(raw, quantities, options.Precision, backend).Require(method);
        var observer = new RunObserver(raw, backend, options.Precision, options.Logger, options.Progress);
        using var activity = observer.Begin(ActivityNames.Hypergradient);
        activity?.SetTag(TagNames.Method, method.Name);
        using var session = backend.Open(raw, options.Precision, options.Cancellation);
        using var adjoint = new Adjoint(session, quantities);
        Evaluation[] atValidation = [];
        Evaluation[]? atTest = null;
        IReadOnlyList<double[]>? finalWeights;
        double[] trainingLosses;
        ReversalReport? reversal;
        AdjointGrowth growth;
        using (var trajectory = method.Open(session))
        {
            observer.Train(session, trajectory);
            // Taken now: a sweep along a shortcut evaluates the losses again, elsewhere.
            trainingLosses = ReplicaMean.Of(ForReplicas(session, session.TrainingLosses)).Mean;
            observer.During(RunPhase.Evaluation, evaluating =>
            {
                atValidation = session.Evaluate(validation, adjoint.State.Weights);
                if (atValidation.FirstOrDefault(evaluation => !double.IsFinite(evaluation.Loss)) is { Loss: not 0 } broken)
                    throw new TrainingDivergedException(
                        run.Steps, "the outputs of the trained network", $"the validation loss is {broken.Loss}");
                atTest = options.Test is null ? null : session.Evaluate(options.Test);
                observer.Evaluated(evaluating, atValidation, atTest);
            });
            finalWeights = options.KeepFinalWeights ? ForReplicas(session, replica => ToArray(session.Weights, run, replica)) : null;
            var watch = new AdjointWatch(session, adjoint.State.Weights);
            trajectory.CameBackTo += watch.Measure;
            observer.During(RunPhase.Reverse, reversing =>
            {
                method.Sweep(session, trajectory, adjoint);
                observer.Returned(reversing, method.Name, trajectory.Report);
            });
            growth = watch.Growth;
            reversal = trajectory.Report;
        }

        var replicas = ForReplicas(session, adjoint.ToRawGradient);
        AdjointDivergence.Refuse(session, method, validation, adjoint, replicas);
        var tuned = run.Hyperparameters?.Tuned(run.Network).Where(tuned => quantities.Contains(tuned.Quantity)).ToArray() ?? [];
        var (coordinates, coordinatesError) = ReplicaMean.Of(
            ForReplicas(session, replica => PullBack(run, tuned, replicas[replica], replica)));
        var (mean, meanError) = ReplicaMean.Of(replicas);
        return new Hypergradient
        {
            Run = run,
            Method = method,
            Validation = Estimate.Of([.. atValidation.Select(evaluation => evaluation.Loss)]),
            ValidationErrorRate = atValidation.Average(evaluation => evaluation.ErrorRate),
            Test = atTest is null ? null : Estimate.Of([.. atTest.Select(evaluation => evaluation.Loss)]),
            TestErrorRate = atTest?.Average(evaluation => evaluation.ErrorRate),
            TrainingLosses = trainingLosses,
            FinalWeights = finalWeights,
            Raw = mean,
            RawStandardError = meanError,
            Tuned = tuned,
            Coordinates = coordinates,
            CoordinatesStandardError = coordinatesError,
            Reversal = reversal,
            AdjointGrowth = growth,
            Accuracy = options.MeasureAccuracy && !method.IsExact ? AccuracyOf(mean, run, validation, options) : [],
        };
    }

    // Those asked for, or those that the tuned hyperparameters drive, or all that the run has.
    private static IEnumerable<Quantity> Wanted(TrainingRun run, RawRun raw, HypergradientOptions options)
    {
        var has = raw.Quantities.ToArray();
        var missing = options.Quantities?.Except(has).FirstOrDefault();
        return missing is not null
            ? throw new ConfigurationException($"The run has no gradient with respect to the {missing}; it has "
                + $"{string.Join(", ", has.Select(quantity => quantity.Name))}.")
            : options.Quantities ?? run.Hyperparameters?.TunedQuantities ?? has;
    }

    private static T[] ForReplicas<T>(ISession session, Func<int, T> make)
    {
        var made = new T[session.Run.Replicas];
        if (session is ITeam team)
            team.For(made.Length, replica => made[replica] = make(replica));
        else
            for (int replica = 0; replica < made.Length; replica++)
                made[replica] = make(replica);
        return made;
    }

    private static double[] ToArray(IVector vector, TrainingRun run, int replica)
    {
        var values = new double[run.Network.ParameterCount];
        vector.CopyTo(replica, values);
        return values;
    }

    private static double[] PullBack(TrainingRun run, TunedHyperparameter[] tuned, RawGradient raw, int replica)
    {
        var coordinates = new double[tuned.Sum(hyperparameter => hyperparameter.Count)];
        int start = 0;
        foreach (var hyperparameter in tuned)
        {
            hyperparameter.PullBack(raw, new(run.Network, run.Seed, replica)).CopyTo(coordinates, start);
            start += hyperparameter.Count;
        }
        return coordinates;
    }

    private static GradientAccuracy[] AccuracyOf(RawGradient approximate, TrainingRun run, Dataset validation, HypergradientOptions options)
    {
        // Momentum may be 0 here, which only the checkpointed method can go back through.
        var exact = Compute(run, validation, new CheckpointedMethod(), options with { MeasureAccuracy = false }).Raw;
        return [.. approximate.Quantities.Select(quantity => GradientAccuracy.Of(quantity, approximate[quantity], exact[quantity]))];
    }
}
