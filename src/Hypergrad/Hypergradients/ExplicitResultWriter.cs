using System.Text.Json;
using Hypergrad.Hyperparameters;
using Hypergrad.Trajectories;

namespace Hypergrad.Hypergradients;

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
        var run = hypergradient.Run;
        var (inputs, outputs) = (run.Model.InputSize, run.Model.OutputSize);
        json.WriteStartObject();
        json.WriteString("method", hypergradient.Method.Name);
        json.WriteString("backend", backend);
        if (hypergradient.FinalWeights is { } weights)
            WriteArray(json, "finalWeights", weights[0]);
        json.WriteNumber("validationLoss", hypergradient.ValidationLoss);
        WriteArray(json, "trainingLosses", hypergradient.TrainingLosses);
        json.WriteStartObject("gradient");
        WriteArray(json, "initialWeights", hypergradient.Raw.InitialWeights);
        WriteArray(json, "initialVelocity", hypergradient.Raw.InitialVelocity);
        WriteRows(json, "learningRate", hypergradient.Raw.LearningRate, run.LearningRate.Grouping.Count);
        WriteRows(json, "momentum", hypergradient.Raw.Momentum, run.Momentum.Grouping.Count);
        WriteArray(json, "l2", hypergradient.Raw.L2);
        WriteArray(json, "l1", hypergradient.Raw.L1);
        WriteRows(json, "inputs", hypergradient.Raw.Inputs, inputs);
        WriteRows(json, "targets", hypergradient.Raw.Targets, outputs);
        WriteArray(json, "exampleWeights", hypergradient.Raw.ExampleWeights);
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
            json.WriteNumber("residentBitsPerWeight", ReversalReport.ResidentBitsPerWeight);
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
            json.WriteStartObject(NameOf(accuracy.Part));
            WriteNumber(json, "cosine", accuracy.Cosine);
            WriteNumber(json, "relativeError", accuracy.RelativeError);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>The name of a raw part in the run format: "learningRate".</summary>
    public static string NameOf(RawParts part)
    {
        string name = part.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static void WriteRows(Utf8JsonWriter json, string name, double[]? values, int columns)
    {
        if (values is null)
            return;
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

    private static void WriteArray(Utf8JsonWriter json, string name, double[]? values)
    {
        if (values is null)
            return;
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
