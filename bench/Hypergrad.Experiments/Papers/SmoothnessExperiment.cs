using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;

namespace Hypergrad.Experiments.Papers;

/// <summary>The hypergradient of the learning-rate schedule, averaged over seeds.</summary>
internal sealed class SmoothnessExperiment : Experiment
{
    // The last steps of a training matter most, and would flatten all others.
    private const int Unseen = 5;

    public override string Name => "smoothness";

    public override string Title => "How smooth hypergradients are, averaged over seeds";

    public override string Source => PaperNetwork.Reference + "section 4.1, figure 5";

    public override string SourceFound =>
        "The hypergradient of the learning-rate schedule at the first meta-step, averaged over 100 random initialisations and minibatches, "
        + "is a smooth function of the training step in every layer.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, _) = PaperNetwork.Images(laboratory);
        int steps = PaperNetwork.Steps(laboratory), seeds = laboratory.Pick(8, 100, 100);
        var optimizer = new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, Math.Exp(-1)),
            Coefficient = Schedule.Constant(steps, Sharing.All, 0.5).Fixed(),
        };
        var run = PaperNetwork.Run(laboratory, train, optimizer, Scale.Per(Sharing.Tensor, Math.Exp(-3)).Fixed());
        var single = Hypergradient.Exact(run, validation);
        var mean = Hypergradient.Exact(run with { Replicas = seeds }, validation);
        return Report(laboratory, single, mean, seeds);
    }

    private static Study Report(Laboratory laboratory, Hypergradient single, Hypergradient mean, int seeds)
    {
        int tensors = mean.Run.Network.Tensors.Count, steps = mean.Run.Steps;
        double[] Of(double[] values, int layer) => [.. Enumerable.Range(0, steps).Select(step => values[step * tensors + 2 * layer])];
        int[] layers = [.. Enumerable.Range(0, tensors / 2)];
        double rough = layers.Average(layer => Roughness(Of(single.Coordinates, layer)));
        double smooth = layers.Average(layer => Roughness(Of(mean.Coordinates, layer)));
        Curve Curve(double[] values, int layer, double[]? errors) => Pages.Curve.OverSteps($"layer {layer + 1}", Of(values, layer)) with
        {
            StandardErrors = errors is null ? null : Of(errors, layer),
        };
        return new(
            $"{mean.Run.Network}, tanh, {steps} steps of {mean.Run.BatchSize}, learning rate e⁻¹, momentum 0.5, {laboratory.DataName}; "
                + $"one seed "
                + $"beside {seeds}, trained side by side.",
            $"The hypergradient of a schedule is smooth over the training steps: roughness {Figures.Of(smooth)} averaged over {seeds} "
                + $"seeds, "
                + $"{Figures.Of(rough)} with one, 1 for noise.",
            $"Averaged over {seeds} seeds, the roughness of the hypergradient along training (half the mean square of its changes from "
                + $"step to "
                + $"step, over its variance) is {Figures.Of(smooth)}, and {Figures.Of(rough)} with a single seed, where independent noise "
                + $"has 1. "
                + $"A single training shows the same course already; averaging takes off {Figures.Percent(1 - smooth / rough)} of its "
                + $"roughness.",
            [
                new("Averaged over seeds, the hypergradient is a smooth function of the step.", smooth < 0.5 && smooth < rough,
                    $"Roughness {Figures.Of(smooth)} averaged, {Figures.Of(rough)} with one seed; independent noise has 1; held below 0.5 "
                        + $"and the latter."),
            ],
            [
                Chart($"Averaged over {seeds} seeds", "The bands are ± one standard error.",
                    [.. layers.Select(layer => Curve(mean.Coordinates, layer, mean.CoordinatesStandardError))]),
                Chart("One seed", "The same from a single training.", [.. layers.Select(layer => Curve(single.Coordinates, layer, null))]),
            ]);
    }

    private static Chart Chart(string title, string caption, Curve[] curves) => new(
        title, "The derivative of the validation loss F with respect to the logarithm of each step's learning rate, one curve for each "
            + $"layer's weights; below 0 a larger step would help. {caption} The axis fits all steps but the last {Unseen}, "
            + $"which may lie outside; at the very last layer 1 has {Figures.Of(curves[0].Y[^1])}.",
        new("training step"), new("dF / d log rate (nats)"), curves)
    {
        Window = WindowOf([.. curves.SelectMany(curve => curve.Y.SkipLast(Unseen))]),
    };

    private static (double Low, double High) WindowOf(double[] values)
    {
        double low = values.Min(), high = values.Max(), margin = 0.08 * (high - low);
        return (low - margin, high + margin);
    }

    // Von Neumann's ratio, halved: the mean square of changes from one step to the next over twice the variance.
    private static double Roughness(double[] values)
    {
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        return values.Skip(1).Zip(values, (next, value) => (next - value) * (next - value)).Average() / (2 * variance);
    }
}
