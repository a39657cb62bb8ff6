using System.Text.Json;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.RunFormat;

/// <summary>Writes a hypergradient of an explicit run as JSON, in the run format's shape.</summary>
public static class ExplicitResultWriter
{
    /// <summary>Writes the result.</summary>
    /// <param name="output">Where to; left open.</param>
    /// <param name="hypergradient">A hypergradient whose final weights were kept.</param>
    /// <param name="backend">What computed it.</param>
    public static void Write(Stream output, Hypergradient hypergradient, string backend)
    {
        ArgumentNullException.ThrowIfNull(hypergradient);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        json.WriteString("method", hypergradient.Method.Name);
        json.WriteString("backend", backend);
        if (hypergradient.FinalWeights is { } weights)
            WriteArray(json, "finalWeights", weights[0]);
        json.WriteNumber("validationLoss", hypergradient.ValidationLoss);
        WriteArray(json, "trainingLosses", hypergradient.TrainingLosses);
        json.WriteStartObject("gradient");
        var run = hypergradient.Run.Lower();
        foreach (var quantity in hypergradient.Raw.Quantities)
            WriteQuantity(json, quantity, hypergradient.Raw[quantity]!, run);
        json.WriteEndObject();
        if (hypergradient.Reversal is { } reversal)
        {
            json.WriteStartObject("reversal");
            json.WriteBoolean("exact", reversal.Exact);
            json.WriteNumber("landmarksSet", reversal.LandmarksSet);
            json.WriteNumber("landmarksMet", reversal.LandmarksMet);
            json.WriteBoolean("startMet", reversal.StartMet);
            json.WriteNumber("bitsPerWeightStep", reversal.BitsPerWeightStep);
            json.WriteNumber("entropyBitsPerWeightStep", reversal.EntropyBitsPerWeightStep);
            json.WriteNumber("residentBitsPerWeight", reversal.ResidentBitsPerWeight);
            json.WriteEndObject();
        }
        if (hypergradient.AdjointGrowth is var growth && double.IsFinite(growth.Factor))
        {
            json.WriteStartObject("adjointGrowth");
            json.WriteNumber("factor", growth.Factor);
            json.WriteNumber("step", growth.Step);
            json.WriteEndObject();
        }
        if (hypergradient.Accuracy.Count > 0)
            WriteAccuracy(json, hypergradient.Accuracy);
        json.WriteEndObject();
    }

    private static void WriteAccuracy(Utf8JsonWriter json, IReadOnlyList<GradientAccuracy> accuracies)
    {
        json.WriteStartObject("accuracy");
        foreach (var accuracy in accuracies)
        {
            json.WriteStartObject(accuracy.Quantity.Spelling);
            WriteNumber(json, "cosine", accuracy.Cosine);
            WriteNumber(json, "relativeError", accuracy.RelativeError);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteQuantity(Utf8JsonWriter json, Quantity quantity, double[] values, RawRun run)
    {
        if (Format2.Constants.Contains(quantity))
            json.WriteNumber(quantity.Spelling, values.Sum());
        else if (ColumnsOf(quantity, run) is { } columns)
            WriteRows(json, quantity.Spelling, values, columns);
        else
            WriteArray(json, quantity.Spelling, values);
    }

    // Numbers of a row, or null where there are no rows.
    private static int? ColumnsOf(Quantity quantity, RawRun run) => quantity.Shape switch
    {
        QuantityShape.Schedule => run.Optimizer.Tables[quantity].Grouping.Count,
        QuantityShape.Inputs => run.Training.InputSize,
        QuantityShape.Targets => run.Training.TargetSize,
        _ => null,
    };

    private static void WriteRows(Utf8JsonWriter json, string name, double[] values, int columns)
    {
        json.WriteStartArray(name);
        for (int start = 0; start < values.Length; start += columns)
        {
            json.WriteStartArray();
            foreach (double value in values.AsSpan(start, columns))
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    // JSON has no NaN: a comparison with a gradient of zeros has no number.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
