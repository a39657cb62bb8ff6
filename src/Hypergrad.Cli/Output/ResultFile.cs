using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Output;

/// <summary>Writes result.json: what was asked for, every meta-step, and the learning curves before and after.</summary>
internal static class ResultFile
{
    public static void Write(Stream output, TuningResult result, TuningFacts facts, Action<Utf8JsonWriter>? writeMore = null)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        Write(json, result, facts, writeMore);
    }

    /// <summary>Writes the same as a value.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="result">What the tuning led to.</param>
    /// <param name="facts">What it was asked for.</param>
    /// <param name="writeMore">Writes further fields.</param>
    public static void Write(
        Utf8JsonWriter json, TuningResult result, TuningFacts facts, Action<Utf8JsonWriter>? writeMore = null)
    {
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
        if (result.StartSearch is { } start)
            WriteStartSearch(json, start, facts.Figures);
        facts.Smoothness?.Write(json);
        json.WriteString("lossUnit", facts.Figures.LossUnit);
        if (facts.Figures.IsRegression)
            json.WriteString("errorUnit", facts.Figures.ErrorUnit);
        NormalizationFields.Write(json, "targetNormalization", facts.Parts.Train.TargetNormalization);
        json.WriteNumber("learnedMetaStep", result.After.MetaStep);
        json.WriteStartArray("metaSteps");
        foreach (var record in result.Records)
            WriteRecord(json, record, facts.Figures);
        json.WriteEndArray();
        WriteNumbers(json, "trainingLossesBefore", result.FirstTrainingLosses.Select(facts.Figures.LossOf));
        WriteNumbers(json, "trainingLossesAfter", result.LastTrainingLosses.Select(facts.Figures.LossOf));
        writeMore?.Invoke(json);
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

    private static void WriteStartSearch(Utf8JsonWriter json, StartSearchResult search, TaskFigures figures)
    {
        json.WriteStartObject("startSearch");
        json.WriteString("changes", search.Changes);
        json.WriteNumber("seconds", search.Duration.TotalSeconds);
        json.WriteStartArray("constants");
        foreach (var constant in search.Constants)
            json.WriteStringValue(constant.Quantity.Spelling);
        json.WriteEndArray();
        json.WriteStartArray("trials");
        foreach (var trial in search.Trials)
        {
            json.WriteStartObject();
            WriteNumbers(json, "offsets", trial.Offsets);
            WriteNumber(json, "validationLoss", figures.LossOf(trial.ValidationLoss));
            WriteNumber(json, "seconds", trial.Seconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter json, MetaStepRecord record, TaskFigures figures)
    {
        json.WriteStartObject();
        json.WriteNumber("metaStep", record.MetaStep);
        WriteNumber(json, "trainingLoss", figures.LossOf(record.TrainingLoss));
        WriteEstimate(json, "validationLoss", figures.LossOf(record.Validation));
        WriteNumber(json, "validationErrorRate", record.ValidationErrorRate);
        WriteEstimate(json, "validationRmse", figures.ValidationRmse(record));
        WriteEstimate(json, "validationRSquared", figures.ValidationRSquared(record));
        if (record.Test is { } test)
            WriteEstimate(json, "testLoss", figures.LossOf(test));
        WriteNumber(json, "testErrorRate", record.TestErrorRate ?? double.NaN);
        WriteEstimate(json, "testRmse", figures.TestRmse(record));
        WriteEstimate(json, "testRSquared", figures.TestRSquared(record));
        WriteNumber(json, "gradientNorm", record.GradientNorm);
        WriteNumber(json, "bitsPerWeightStep", record.BitsPerWeightStep);
        WriteNumber(json, "entropyBitsPerWeightStep", record.EntropyBitsPerWeightStep);
        if (record.Reversal is { } reversal)
        {
            json.WriteNumber("residentBitsPerWeight", reversal.ResidentBitsPerWeight);
            json.WriteBoolean("reversedExactly", reversal.Exact);
        }
        WriteNumber(json, "adjointGrowth", record.AdjointGrowth?.Factor ?? double.NaN);
        WriteNumber(json, "predictedDecrease", figures.LossOf(record.PredictedDecrease));
        json.WriteString("outcome", record.Outcome switch
        {
            MetaStepOutcome.Kept => "kept",
            MetaStepOutcome.TakenBack => "taken back",
            _ => "diverged",
        });
        WriteNumber(json, "stepFactor", record.StepFactor);
        WriteNumber(json, "seconds", record.Seconds);
        json.WriteEndObject();
    }

    // JSON has no NaN: what was not measured is left out.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        WriteNumber(json, name, estimate?.Mean ?? double.NaN);
        WriteNumber(json, $"{name}StandardError", estimate?.StandardError ?? double.NaN);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
