using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// How smoothly training depends on its hyperparameters (Engstrom et al. 2025, arXiv:2503.13751): with z their coordinates, v a direction
/// and Δ(z) = w_T(z + hv) − w_T(z), the agreement of two steps in a row, Σ |Δ_j(z)| sign Δ_j(z) sign Δ_j(z + hv) / Σ |Δ_j(z)|. It is 1
/// where every trained weight goes on as it went, and about 0 where the second step has nothing to do with the first; then a hypergradient
/// does not tell what a step of that size does.
/// </summary>
public sealed record Metasmoothness
{
    /// <summary>Below this the hypergradient of a step is hardly a guide: a quarter of the movement turns round.</summary>
    public const double WarnBelow = 0.5;

    /// <summary>The mean over directions and replicas, from −1 to 1.</summary>
    public required double Value { get; init; }

    /// <summary>That of each direction; 0 where one of its trainings diverged.</summary>
    public required IReadOnlyList<double> OfDirections { get; init; }

    /// <summary>h, how far every coordinate was moved.</summary>
    public required double Step { get; init; }

    /// <summary>Whether training is too rough at this step to be tuned by gradients.</summary>
    public bool IsRough => !(Value >= WarnBelow);

    /// <summary>What a person is told where it is rough, and the remedy; null where it is not.</summary>
    public string? Warning => !IsRough ? null : string.Create(CultureInfo.InvariantCulture,
        $"Metasmoothness is {Value:F2} for steps of {Step:G3}: trained weights do not go on as they went when the hyperparameters do, and "
        + $"the hypergradient is a poor guide. Lower the learning rate, train for fewer steps, or take smaller meta-steps.");

    /// <summary>Measures it along random directions, each coordinate moved by h up or down: 1 + 2 × directions plain trainings.</summary>
    /// <param name="run">A run of hyperparameters, at least one of them tuned.</param>
    /// <param name="step">h, above 0: the size of a meta-step.</param>
    /// <param name="directions">How many, at least 1.</param>
    /// <param name="backend">Where; by default <see cref="Backend.Best"/>.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="cancellation">Checked between training steps.</param>
    /// <exception cref="ConfigurationException">Nothing is tuned, or numbers that make no sense.</exception>
    /// <exception cref="TrainingDivergedException">The run itself diverged.</exception>
    public static Metasmoothness Measure(
        TrainingRun run, double step, int directions = 2, IBackend? backend = null, Precision precision = Precision.Single,
        CancellationToken cancellation = default)
    {
        if (directions < 1)
            throw new ConfigurationException($"Metasmoothness along {directions} directions: give at least 1.");
        int count = CoordinatesOf(run).Length;
        return Along(run, step, [.. Enumerable.Range(0, directions).Select(number => Signs(run.Seed, number, count))], backend, precision,
            cancellation);
    }

    /// <summary>Measures it along given directions.</summary>
    /// <param name="run">A run of hyperparameters, at least one of them tuned.</param>
    /// <param name="step">h, above 0.</param>
    /// <param name="directions">Each v, as long as the coordinates (<see cref="HyperparameterSet.ToVector"/>); at least one.</param>
    /// <param name="backend">Where; by default <see cref="Backend.Best"/>.</param>
    /// <param name="precision">The floating-point type.</param>
    /// <param name="cancellation">Checked between training steps.</param>
    /// <inheritdoc cref="Measure" path="/exception"/>
    public static Metasmoothness Along(
        TrainingRun run, double step, IReadOnlyList<double[]> directions, IBackend? backend = null,
        Precision precision = Precision.Single, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(directions);
        double[] start = CoordinatesOf(run);
        if (!(step > 0 && double.IsFinite(step)))
            throw new ConfigurationException($"Metasmoothness over steps of {step}: they must be above 0 and finite.");
        if (directions.FirstOrDefault(direction => direction.Length != start.Length) is { } wrong)
            throw new ConfigurationException(
                $"A direction of {wrong.Length} numbers for {start.Length} coordinates; give one for each.");
        var here = Train(start);
        double[] found = [.. directions.Select(Agreement)];
        return new() { Value = found.Average(), OfDirections = found, Step = step };

        IReadOnlyList<double[]> Train(double[] vector) => Training.Run(
            run.With(run.Hyperparameters!.WithVector(run.Network, vector)), [], backend, precision, cancellation).FinalWeights;

        double Agreement(double[] direction)
        {
            try
            {
                var next = Train(Vectors.Add(start, step, direction));
                var second = Train(Vectors.Add(start, 2 * step, direction));
                return Enumerable.Range(0, here.Count).Average(replica => Of(here[replica], next[replica], second[replica]));
            }
            catch (Exception exception) when (exception is DivergedException or ConfigurationException)
            {
                return 0;
            }
        }
    }

    /// <summary>The agreement of two steps: from the weights here to the next ones, and on to the second.</summary>
    internal static double Of(double[] here, double[] next, double[] second)
    {
        double agreement = 0, all = 0;
        for (int j = 0; j < here.Length; j++)
        {
            double change = next[j] - here[j];
            agreement += Math.Abs(change) * Math.Sign(change) * Math.Sign(second[j] - next[j]);
            all += Math.Abs(change);
        }
        // Weights that nothing moves go on as they went.
        return all == 0 ? 1 : agreement / all;
    }

    private static double[] CoordinatesOf(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Hyperparameters is not { } hyperparameters || hyperparameters.TunedQuantities.Count == 0)
            throw new ConfigurationException("Metasmoothness is of tuned hyperparameters, and this run has none; tune at least one.");
        return hyperparameters.ToVector(run.Network);
    }

    private static double[] Signs(ulong seed, int number, int count)
    {
        var random = new Philox(seed, RandomStreams.Of(RandomStreams.Metasmoothness, number));
        var signs = new double[count];
        for (int i = 0; i < count; i++)
            signs[i] = (random.Word((ulong)i) & 1) == 0 ? 1 : -1;
        return signs;
    }
}
