using System.Text.Json;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>Writes result.json: what was asked for, every meta-step, and the learning curves before and after.</summary>
internal static class ResultFile
{
    public static void Write(Stream output, TuningResult result, TuningFacts facts)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("program", $"hypergrad {Product.Version}");
        json.WriteString("command", facts.CommandLine);
        json.WriteNumber("seconds", result.Duration.TotalSeconds);
        json.WriteStartObject("configuration");
        foreach (var (name, value) in facts.Of(result.Start))
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("computedWith");
        foreach (var with in result.ComputedWith)
            WriteComputedWith(json, with);
        json.WriteEndArray();
        if (result.OverfittingSince is { } since)
            json.WriteNumber("overfittingSinceMetaStep", since);
        json.WriteStartArray("metaSteps");
        foreach (var record in result.Records)
            WriteRecord(json, record);
        json.WriteEndArray();
        WriteNumbers(json, "trainingLossesBefore", result.FirstTrainingLosses);
        WriteNumbers(json, "trainingLossesAfter", result.LastTrainingLosses);
        json.WriteEndObject();
    }

    private static void WriteComputedWith(Utf8JsonWriter json, ComputedWith with)
    {
        json.WriteStartObject();
        json.WriteNumber("fromMetaStep", with.MetaStep);
        json.WriteString("backend", with.Backend);
        json.WriteString("precision", with.Precision);
        json.WriteString("version", with.Version);
        json.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter json, MetaStepRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("metaStep", record.MetaStep);
        WriteNumber(json, "trainingLoss", record.TrainingLoss);
        WriteNumber(json, "validationLoss", record.Validation.Mean);
        WriteNumber(json, "validationLossStandardError", record.Validation.StandardError);
        WriteNumber(json, "validationErrorRate", record.ValidationErrorRate);
        WriteNumber(json, "testLoss", record.Test?.Mean ?? double.NaN);
        WriteNumber(json, "testLossStandardError", record.Test?.StandardError ?? double.NaN);
        WriteNumber(json, "testErrorRate", record.TestErrorRate ?? double.NaN);
        WriteNumber(json, "gradientNorm", record.GradientNorm);
        WriteNumber(json, "bitsPerWeightStep", record.BitsPerWeightStep);
        WriteNumber(json, "entropyBitsPerWeightStep", record.EntropyBitsPerWeightStep);
        WriteNumber(json, "seconds", record.Seconds);
        json.WriteEndObject();
    }

    // JSON has no NaN: what was not measured is left out.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
