using Hypergrad.Experiments.Pages;
using Hypergrad.Hyperparameters;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>The per-step, per-tensor schedules of a run, those of the weight matrices read out.</summary>
internal sealed class WeightRates(TrainingRun run, Optimizer optimizer)
{
    private const int Reach = 3;

    private readonly int tensors = run.Network.Tensors.Count;

    // Matrices and biases take turns.
    private int Layers => tensors / 2;

    /// <summary>The geometric mean of the learning rates of all weight matrices over a part of the training.</summary>
    /// <param name="from">Where the part begins, as a fraction of the training.</param>
    /// <param name="to">Where it ends.</param>
    public double Mean(double from, double to) =>
        Math.Exp(Enumerable.Range(0, Layers).Average(layer => Math.Log(OfLayer(layer, from, to))));

    /// <summary>The same of one layer.</summary>
    public double OfLayer(Index layer, double from, double to)
    {
        double[] values = Series(Quantity.LearningRate, layer.GetOffset(Layers));
        return Math.Exp(values[(int)(from * run.Steps)..(int)(to * run.Steps)].Average(Math.Log));
    }

    /// <summary>The schedules of all weight matrices in one chart.</summary>
    public Chart Chart(Quantity quantity, string title, string name, bool isLogarithmic) => new(
        title, "One curve for each layer's weight matrix, from the input up; biases are not shown. Bold: the mean of "
            + $"{2 * Reach + 1} steps; faint: each step.",
        new("training step"), new(name, isLogarithmic),
        [
            .. Enumerable.Range(0, Layers).SelectMany(layer =>
                (Curve.OverSteps($"layer {layer + 1}", Series(quantity, layer)) with { Colour = layer + 1 })
                    .WithRunningMean(Reach, isLogarithmic)).OrderByDescending(curve => curve.IsFaint),
        ]);

    private double[] Series(Quantity quantity, int layer)
    {
        var schedule = optimizer.Schedules.First(entry => entry.Quantity == quantity).Schedule;
        return [.. Enumerable.Range(0, run.Steps).Select(step => schedule.Values![step * tensors + 2 * layer])];
    }
}
