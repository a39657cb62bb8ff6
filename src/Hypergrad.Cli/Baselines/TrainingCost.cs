using System.Globalization;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Baselines;

/// <summary>What a tuning costs in plain trainings, by the passes over the network that its method makes.</summary>
internal static class TrainingCost
{
    /// <summary>How it is counted, in words.</summary>
    /// <param name="method">How hypergradients are computed.</param>
    /// <param name="steps">Training steps.</param>
    public static string Explain(HypergradientMethod method, int steps) => string.Create(CultureInfo.InvariantCulture,
        $"A hypergradient counts as {OfHypergradient(method, steps):0.##} trainings: the training itself")
        + (method is CheckpointedMethod ? ", its steps once more between snapshots" : "")
        + ", and on the way back the gradient again and a Hessian-vector product of the cost of two, each step. "
        + "A training that only judges counts as one.";

    /// <summary>The cost of one hypergradient.</summary>
    public static double OfHypergradient(HypergradientMethod method, int steps) => method switch
    {
        CheckpointedMethod => 5,
        DrMadMethod { ReverseSteps: { } reverse } => 1 + 3.0 * Math.Min(reverse, steps) / steps,
        _ => 4,
    };

    /// <summary>The cost of a whole tuning: its hypergradients, the last training, and that of the best where it is another one.</summary>
    public static int OfTuning(TuningResult result, HypergradientMethod method)
    {
        int updates = result.Records.Count - 1;
        int judging = result.After.MetaStep == result.Last.MetaStep ? 1 : 2;
        return (int)Math.Round(updates * OfHypergradient(method, result.Start.Steps)) + judging;
    }
}
