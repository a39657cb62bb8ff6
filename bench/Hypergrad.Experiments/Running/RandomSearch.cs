using Hypergrad.Data;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Experiments.Running;

/// <summary>
/// The baseline of every comparison (Bergstra, Bengio 2012): settings drawn at random, each trained once, the best on the validation set
/// kept. A hypergradient costs about three trainings beside the one it belongs to, and counts as four.
/// </summary>
internal static class RandomSearch
{
    /// <summary>What a hypergradient costs, in trainings.</summary>
    public const int TrainingsPerHypergradient = 4;

    /// <summary>Draws, trains and judges.</summary>
    /// <param name="make">A run from random numbers, each evenly distributed from 0 to 1.</param>
    /// <param name="trials">How many.</param>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="validation">The set that chooses.</param>
    /// <param name="test">The set that judges.</param>
    public static Judgement Run(Func<Func<double>, TrainingRun> make, int trials, ulong seed, Dataset validation, Dataset test)
    {
        var best = new Judgement(double.PositiveInfinity, double.NaN, double.NaN);
        var random = new Random(unchecked((int)seed));
        for (int trial = 0; trial < trials; trial++)
        {
            var judged = TryJudge(make(random.NextDouble), validation, test);
            if (judged.Validation < best.Validation)
                best = judged;
        }
        return best;
    }

    /// <summary>Trains a run once and judges it.</summary>
    public static Judgement Judge(TrainingRun run, Dataset validation, Dataset test)
    {
        var outcome = Training.Run(run, [validation, test]);
        return new(outcome.Evaluations[0].Average(of => of.Loss), outcome.Evaluations[1].Average(of => of.Loss),
            outcome.Evaluations[1].Average(of => of.ErrorRate));
    }

    /// <summary>A number from low to high, its logarithm evenly distributed.</summary>
    public static double LogUniform(double uniform, double low, double high) => low * Math.Pow(high / low, uniform);

    /// <summary>The same; losses without end where training diverges.</summary>
    public static Judgement TryJudge(TrainingRun run, Dataset validation, Dataset test)
    {
        try
        {
            return Judge(run, validation, test);
        }
        catch (DivergedException)
        {
            return new(double.PositiveInfinity, double.NaN, double.NaN);
        }
    }
}
