using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Cli.Baselines;

/// <summary>
/// Random search (Bergstra, Bengio 2012) for a constant in the place of each tuned hyperparameter: what one would do without
/// hypergradients. The first trial is the start of the tuning; the others are drawn evenly in the coordinates that are tuned (logarithms,
/// logits), within <see cref="Reach"/> of the start. A trial is drawn by its number and the seed, whichever were made before.
/// </summary>
internal sealed class RandomSearch
{
    /// <summary>How far from the start a coordinate is drawn: a factor of 20 either way for a learning rate or a penalty.</summary>
    public const double Reach = 3;

    // Apart from the streams by which a run draws its weights, minibatches and masks.
    private const ulong Stream = 0x52414e444f4dUL;

    private readonly TrainingRun run;
    private readonly Dataset validation;
    private readonly Dataset? test;
    private readonly IBackend backend;
    private readonly Precision precision;
    private readonly TunedHyperparameter[] searched;

    /// <param name="run">The run at which the tuning starts.</param>
    /// <param name="parts">Its data.</param>
    /// <param name="backend">Where to train.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <exception cref="UsageException">Nothing that is tuned can be a constant.</exception>
    public RandomSearch(TrainingRun run, DataSplit parts, IBackend backend, Precision precision)
    {
        (this.run, validation, test, this.backend, this.precision) = (run, parts.Validation, parts.Test, backend, precision);
        searched = [.. run.Hyperparameters!.Tuned(run.Network).Where(tuned => !tuned.Quantity.IsOfData)];
        if (searched.Length == 0)
            throw new UsageException("--baseline random searches for constants, and what is tuned belongs to single examples. "
                + "Tune a learning rate or another hyperparameter too, or leave --baseline out.");
    }

    /// <summary>The names of the hyperparameters that are searched.</summary>
    public IReadOnlyList<string> Names => [.. searched.Select(tuned => tuned.Name)];

    /// <summary>The constants of a trial; those of trial 0 are the medians of the start.</summary>
    public double[] ConstantsOf(int trial)
    {
        var philox = new Philox(run.Seed, Stream);
        var constants = new double[searched.Length];
        for (int i = 0; i < constants.Length; i++)
        {
            double[] sorted = [.. searched[i].Values.Order()];
            Span<double> coordinate = [0];
            searched[i].Transform.Inverse([sorted[sorted.Length / 2]], coordinate);
            if (trial > 0)
                coordinate[0] += Reach * (2 * philox.Uniform((ulong)((long)trial * constants.Length + i)) - 1);
            searched[i].Transform.Forward(coordinate, constants.AsSpan(i, 1));
        }
        return constants;
    }

    /// <summary>Trains once.</summary>
    /// <param name="trial">From 0.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public BaselineTrial Try(int trial, CancellationToken cancellation)
    {
        double[] constants = ConstantsOf(trial);
        try
        {
            Dataset[] judged = test is null ? [validation] : [validation, test];
            var outcome = Training.Run(RunOf(trial, constants), judged, backend, precision, cancellation);
            Estimate Loss(int part) => Estimate.Of([.. outcome.Evaluations[part].Select(evaluation => evaluation.Loss)]);
            double ErrorRate(int part) => outcome.Evaluations[part].Average(evaluation => evaluation.ErrorRate);
            return new(trial, constants, Loss(0).Mean)
            {
                ValidationStandardError = Loss(0).StandardError,
                ValidationErrorRate = ErrorRate(0),
                TestLoss = test is null ? double.NaN : Loss(1).Mean,
                TestStandardError = test is null ? double.NaN : Loss(1).StandardError,
                TestErrorRate = test is null ? double.NaN : ErrorRate(1),
            };
        }
        catch (Exception exception) when (exception is DivergedException or ConfigurationException)
        {
            return new(trial, constants, double.NaN);
        }
    }

    // The start is as it was stated, be it constant or not.
    private TrainingRun RunOf(int trial, double[] constants)
    {
        if (trial == 0)
            return run;
        var set = run.Hyperparameters!;
        for (int i = 0; i < searched.Length; i++)
        {
            var values = new double[searched[i].Count];
            Array.Fill(values, constants[i]);
            set = set.With(searched[i].Quantity, searched[i].Hyperparameter with { Values = values });
        }
        return run.With(set);
    }
}
