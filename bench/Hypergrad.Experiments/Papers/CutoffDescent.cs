using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Descends the validation loss and a price for what is used, Σ price · c, over the cut-offs c of an L2 penalty.</summary>
/// <param name="Cutoffs">The cut-offs of every meta-step, the start first.</param>
/// <param name="Objectives">What each of them led to, in nats; NaN for the last, which is not trained.</param>
internal sealed record CutoffDescent(IReadOnlyList<double[]> Cutoffs, IReadOnlyList<double> Objectives)
{
    /// <param name="run">A run whose L2 penalty has cut-offs, all of them tuned and nothing else.</param>
    /// <param name="validation">The set that guides.</param>
    /// <param name="price">What a unit, or a layer, costs in nats.</param>
    /// <param name="stepSize">How far a cut-off moves in a meta-step, at first.</param>
    /// <param name="metaSteps">How many steps.</param>
    /// <param name="largest">What a cut-off is kept below: the units, or the layers, that there are.</param>
    public static CutoffDescent Run(
        TrainingRun run, Dataset validation, double price, double stepSize, int metaSteps, double largest)
    {
        double[] cutoffs = run.Hyperparameters!.ToVector(run.Network);
        var (path, objectives) = (new List<double[]> { cutoffs }, new List<double>());
        var optimizer = new Adam(stepSize) { SecondDecay = 0.9 };
        var state = optimizer.Start(cutoffs.Length);
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            var gradient = Hypergradient.Exact(run, validation);
            objectives.Add(gradient.ValidationLoss + price * cutoffs.Sum());
            (double[] change, state) = optimizer.Update(state, [.. gradient.Coordinates.Select(entry => entry + price)]);
            // The steps shrink, so that it comes to rest.
            double left = 1 - (double)metaStep / metaSteps;
            cutoffs = [.. cutoffs.Zip(change, (cutoff, by) => Math.Clamp(cutoff + left * by, 0, largest))];
            path.Add(cutoffs);
            run = run.With(run.Hyperparameters!.WithVector(run.Network, cutoffs));
        }
        return new(path, [.. objectives, double.NaN]);
    }

    /// <summary>The cut-offs it comes to rest at.</summary>
    public double[] Last => Cutoffs[^1];
}
