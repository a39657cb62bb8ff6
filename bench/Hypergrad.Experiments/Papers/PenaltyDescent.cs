using Hypergrad.Data;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Meta-steps on penalties, none of them taken back.</summary>
/// <param name="Penalties">The penalties in the end.</param>
/// <param name="First">How the start did.</param>
/// <param name="Last">How they do.</param>
/// <param name="MetaSteps">How many steps led to them.</param>
internal sealed record PenaltyDescent(double[] Penalties, Judgement First, Judgement Last, int MetaSteps)
{
    /// <param name="run">A run whose L2 penalties are tuned.</param>
    /// <param name="optimizer">The meta-optimizer.</param>
    /// <param name="metaSteps">How many steps.</param>
    /// <param name="reach">
    /// The root mean square of the first step, for gradient descent: it fixes the step size; null for an optimizer that needs none.
    /// </param>
    /// <param name="validation">The set that guides.</param>
    /// <param name="test">The set that judges.</param>
    public static PenaltyDescent Run(
        TrainingRun run, MetaOptimizer optimizer, int metaSteps, double? reach, Dataset validation, Dataset test)
    {
        OptimizerState? state = null;
        var first = RandomSearch.Judge(run, validation, test);
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            var gradient = Hypergradient.Exact(run, validation);
            if (metaStep == 0 && reach is { } wanted)
                optimizer = new Sgd(wanted / Math.Sqrt(gradient.Coordinates.Average(entry => entry * entry)));
            run = run.With(optimizer.Step(gradient, ref state));
        }
        return new(run.Hyperparameters!.L2!.Values!, first, RandomSearch.Judge(run, validation, test), metaSteps);
    }
}
