using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>Several replicas of a run of hyperparameters, each unrolled in plain loops, and the chain rule to the coordinates by hand.</summary>
internal sealed class ReplicaReference
{
    private readonly TrainingRun run;
    private readonly SmallRun[] replicas;
    private readonly ScalarReference[] trained;
    private readonly RawGradient[] gradients;

    /// <param name="run">A run of hyperparameters.</param>
    /// <param name="validation">The validation set.</param>
    /// <param name="knots">The steps that DrMAD's line goes through; null for the exact gradient.</param>
    /// <param name="blocks">DrMAD's reverse steps.</param>
    public ReplicaReference(TrainingRun run, Dataset validation, int[]? knots, int blocks)
    {
        this.run = run;
        replicas = [.. Enumerable.Range(0, run.Replicas).Select(replica => SmallRun.Of(run, replica, validation))];
        trained = [.. replicas.Select(ScalarReference.Of)];
        gradients = [.. replicas.Zip(trained, (small, exact) => knots is null ? exact.Gradient : ShortcutReference.Of(small, knots, blocks))];
    }

    public double ValidationLoss => trained.Average(replica => replica.ValidationLoss);

    public double[] TrainingLosses => Mean([.. trained.Select(replica => replica.TrainingLosses)]);

    public RawGradient Raw => RawGradient.Create(quantity =>
        gradients[0][quantity] is null ? null : Mean([.. gradients.Select(gradient => gradient[quantity]!)]));

    public double[] FinalWeights(int replica) => trained[replica].FinalWeights;

    /// <summary>The mean over replicas, and its standard error.</summary>
    public (double[] Mean, double[] StandardError) Coordinates(IReadOnlyList<TunedHyperparameter> tuned)
    {
        double[][] each = [.. Enumerable.Range(0, replicas.Length).Select(replica =>
            tuned.SelectMany(hyperparameter => CoordinatesOf(hyperparameter, replica)).ToArray())];
        double[] mean = Mean(each);
        return (mean, [.. mean.Select((m, i) =>
            Math.Sqrt(each.Sum(values => (values[i] - m) * (values[i] - m)) / (each.Length - 1) / each.Length))]);
    }

    // ∂F/∂ log q = q ∂F/∂q, ∂F/∂ logit γ = γ (1 − γ) ∂F/∂γ; w₀ is a scale times noise, so that ∂F/∂ log scale = Σ w₀ ∂F/∂w₀.
    private double[] CoordinatesOf(TunedHyperparameter tuned, int replica)
    {
        var (values, gradient, set) = (replicas[replica], gradients[replica], run.Hyperparameters!);
        double[] Times(double[] quantities, double[] slopes) => [.. quantities.Zip(slopes, (q, slope) => q * slope)];
        var quantity = tuned.Quantity;
        return quantity == Quantity.Momentum
                ? Times([.. values.Momentum.Select(momentum => momentum * (1 - momentum))], gradient[quantity]!)
            : quantity == Quantity.InitialWeights ? Sums(set.InitialScale.Sharing, Times(values.InitialWeights, gradient[quantity]!))
            : quantity == Quantity.L2 ? Sums(set.L2!.Sharing, Times(values.L2, gradient[quantity]!))
            : quantity == Quantity.L1 ? Sums(set.L1!.Sharing, Times(values.L1, gradient[quantity]!))
            : quantity == Quantity.Inputs
                ? [.. ((int[])[0, 3]).SelectMany(example =>
                    gradient[quantity]!.Skip(example * run.Network.InputSize).Take(run.Network.InputSize))]
            : Times(values[quantity], gradient[quantity]!);
    }

    private double[] Sums(Sharing sharing, double[] ofWeights)
    {
        var grouping = new WeightGrouping(run.Network, sharing);
        var sums = new double[grouping.Count];
        foreach (var (group, value) in ReferenceRun.GroupsOf(grouping).Zip(ofWeights))
            sums[group] += value;
        return sums;
    }

    private static double[] Mean(double[][] replicas) => [.. replicas[0].Select((_, i) => replicas.Average(values => values[i]))];
}
