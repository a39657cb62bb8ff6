using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Networks;
using Hypergrad.Observability;
using Hypergrad.Runs;

namespace Hypergrad.Models;

/// <summary>The forward passes of a model's replicas, and what is made of their outputs.</summary>
internal static class Predictor
{
    /// <inheritdoc cref="TrainedModel.Predict"/>
    public static Predictions Predict(TrainedModel model, Table inputs, CancellationToken cancellation)
    {
        var network = model.Network;
        RequireFit(network, inputs);
        using var activity = HypergradTelemetry.Begin(ActivityNames.Prediction, () =>
            [new(TagNames.Network, network.ToString()), new(TagNames.Examples, inputs.Rows), new(TagNames.Replicas, model.Weights.Count)]);
        cancellation.ThrowIfCancellationRequested();
        var normalized = model.InputNormalization?.Apply(inputs) ?? inputs;
        int size = network.OutputShape.Count;
        long total = (long)inputs.Rows * size;
        if (total > Array.MaxLength)
            throw new DataException($"{inputs.Rows} examples have {total} outputs in all; at most {Array.MaxLength} fit. Predict fewer.");
        MemoryLimit.Require(12.0 * total, $"The predictions of {inputs.Rows} examples", "Predict fewer at a time.");
        var outputs = new float[total];
        var sums = new double[total];
        using var forward = Backend.Forward(network);
        foreach (var weights in model.Weights)
        {
            forward.Evaluate(weights, normalized, outputs, cancellation);
            RequireFinite(outputs, size);
            if (network.Loss == Loss.SoftmaxCrossEntropy)
                AddProbabilities(outputs, network.OutputSize, sums);
            else
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += outputs[i];
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i] /= model.Weights.Count;
        if (model.TargetNormalization is { } targets)
            Undo(targets, sums);
        return new(sums, inputs.Rows, network.OutputShape.Positions, network.OutputSize, model.ClassNames)
        {
            AreOfClasses = model.IsClassifier,
        };
    }

    private static void RequireFit(Network network, Table inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != network.InputSize)
            throw new DataException($"The inputs have {inputs.Columns} numbers each, and the model takes {network.InputSize}.");
        try
        {
            RawRun.RequireTokens(network, inputs, "model's");
        }
        catch (ConfigurationException exception)
        {
            throw new DataException(exception.Message, exception);
        }
    }

    private static void RequireFinite(ReadOnlySpan<float> outputs, int size)
    {
        for (int i = 0; i < outputs.Length; i++)
            if (!float.IsFinite(outputs[i]))
                throw new DataException($"The model's output for example {i / size} is {outputs[i]}: its input is far from what the model "
                    + "was trained on. Check its numbers and their units.");
    }

    // In double precision, so that a sum over many classes is 1 to the last digit that is shown.
    private static void AddProbabilities(ReadOnlySpan<float> outputs, int classes, Span<double> sums)
    {
        var row = new double[classes];
        for (int start = 0; start < outputs.Length; start += classes)
        {
            float largest = outputs[start];
            for (int c = 1; c < classes; c++)
                largest = Math.Max(largest, outputs[start + c]);
            double total = 0;
            for (int c = 0; c < classes; c++)
                total += row[c] = Math.Exp((double)outputs[start + c] - largest);
            for (int c = 0; c < classes; c++)
                sums[start + c] += row[c] / total;
        }
    }

    private static void Undo(Normalization targets, double[] values)
    {
        var table = targets.Invert(new Table(values, targets.InputSize, "prediction"));
        table.ToArray().CopyTo(values, 0);
    }
}
