using System.Diagnostics;
using Hypergrad.Data;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// A short search for where to start a tuning. Thousands of values start from a few constants, and a descent that starts from bad ones
/// spends its first meta-steps on what a few plain trainings find: each tuned hyperparameter is moved as one constant. The first trial is
/// the run as it is, so that what is found is never worse. The next ones are spread evenly over a box around it (a Halton sequence,
/// randomly shifted); the last third are drawn around the best so far, ever closer. A pure function of the trials before, so that a
/// search that was stopped goes on the same way.
/// </summary>
public sealed class StartSearch
{
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19];

    // Of all trials those that are spread over the box; of the reach, how far the others lie from the best one.
    private const double Spread = 2.0 / 3, FirstRadius = 0.4, LastRadius = 0.1;

    private readonly TrainingRun run;
    private readonly Dataset validation;
    private readonly TuningOptions options;
    private readonly double[] start;
    private readonly int trials;

    /// <summary>Prepares a search.</summary>
    /// <param name="run">A run of hyperparameters.</param>
    /// <param name="validation">The validation set that chooses.</param>
    /// <param name="options">Where, how precisely, and how many trials (<see cref="TuningOptions.StartTrials"/>).</param>
    /// <exception cref="ConfigurationException">Nothing that can be moved, or no trials.</exception>
    public StartSearch(TrainingRun run, Dataset validation, TuningOptions options)
    {
        this.run = run ?? throw new ArgumentNullException(nameof(run));
        this.validation = validation ?? throw new ArgumentNullException(nameof(validation));
        this.options = options ?? throw new ArgumentNullException(nameof(options));
        if (run.Hyperparameters is null)
            throw new ConfigurationException("A run of raw quantities has no start to search for; describe it by a HyperparameterSet.");
        trials = options.StartTrials;
        if (trials < 1)
            throw new ConfigurationException($"A search for a start of {trials} trainings: it needs at least 1.");
        Constants = StartConstant.Of(run.Hyperparameters.Tuned(run.Network));
        if (Constants.Count == 0)
            throw new ConfigurationException("A search for a start moves the constants of the optimizer and of the weights, and this run "
                + "tunes none of them, only its examples. Leave the search out, or tune the learning rate too.");
        start = run.Hyperparameters.ToVector(run.Network);
    }

    /// <summary>What is moved.</summary>
    public IReadOnlyList<StartConstant> Constants { get; }

    /// <summary>Makes all trials, after those that are done.</summary>
    /// <param name="done">Trials of the same search.</param>
    public IReadOnlyList<StartTrial> Run(IReadOnlyList<StartTrial>? done = null)
    {
        var all = done ?? [];
        while (all.Count < trials)
            all = [.. all, Try(all)];
        return all;
    }

    /// <summary>Makes the next trial: one plain training.</summary>
    /// <param name="before">The trials so far.</param>
    /// <param name="cancellation">Checked between training steps, in place of the options' own where it is given.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public StartTrial Try(IReadOnlyList<StartTrial> before, CancellationToken? cancellation = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        double[] offsets = Offsets(before);
        var clock = Stopwatch.StartNew();
        double loss;
        try
        {
            var moved = run.With(run.Hyperparameters!.WithVector(run.Network, Vector(offsets)));
            var outcome = Training.Run(moved, [validation], options.Backend, options.Precision, cancellation ?? options.Cancellation);
            loss = outcome.Evaluations[0].Average(evaluation => evaluation.Loss);
        }
        // Values that make no sense together belong to the search, but for those that were stated.
        catch (HypergradException exception) when (
            exception is DivergedException || exception is ConfigurationException && before.Count > 0)
        {
            loss = double.NaN;
        }
        return new(offsets, loss, clock.Elapsed.TotalSeconds);
    }

    /// <summary>The trial of the lowest validation loss; the first where all diverged.</summary>
    /// <param name="trials">At least one.</param>
    public static StartTrial Best(IReadOnlyList<StartTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return trials.Where(trial => double.IsFinite(trial.ValidationLoss)).MinBy(trial => trial.ValidationLoss) ?? trials[0];
    }

    /// <summary>The coordinates of the hyperparameters of a trial (<see cref="HyperparameterSet.ToVector"/>).</summary>
    public double[] VectorOf(StartTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Vector(trial.Offsets);
    }

    private double[] Vector(double[] offsets)
    {
        double[] vector = [.. start];
        foreach (var (i, constant) in Constants.Index())
            for (int place = constant.First; place < constant.First + constant.Count; place++)
                vector[place] += offsets[i];
        return vector;
    }

    private double[] Offsets(IReadOnlyList<StartTrial> before)
    {
        int trial = before.Count;
        if (trial == 0)
            return new double[Constants.Count];
        int spread = (int)Math.Ceiling(Spread * trials);
        return trial < spread
            ? [.. Constants.Select((constant, i) => constant.Reach * (2 * Even(trial, i) - 1))]
            : Near(Best(before).Offsets, trial, (trial - spread) / Math.Max(1.0, trials - 1 - spread));
    }

    // A number of a Halton sequence, or, beyond the dimensions that these do well, a random one.
    private double Even(int trial, int dimension)
    {
        var random = new Philox(run.Seed, RandomStreams.Of(RandomStreams.StartTrials));
        if (dimension >= Primes.Length)
            return random.Uniform((ulong)(dimension + Constants.Count * trial));
        double number = random.Uniform((ulong)dimension), fraction = 1;
        for (int rest = trial; rest > 0; rest /= Primes[dimension])
            number += (fraction /= Primes[dimension]) * (rest % Primes[dimension]);
        return number % 1;
    }

    private double[] Near(double[] best, int trial, double progress)
    {
        var noise = new double[Constants.Count];
        new Philox(run.Seed, RandomStreams.Of(RandomStreams.StartTrials, replica: 1)).Normal(noise, (ulong)(trial * noise.Length));
        double radius = FirstRadius * Math.Pow(LastRadius / FirstRadius, progress);
        return [.. Constants.Select((constant, i) => best[i] + radius * constant.Reach * noise[i])];
    }
}
