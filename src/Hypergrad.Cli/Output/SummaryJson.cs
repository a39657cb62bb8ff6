using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Models;

namespace Hypergrad.Cli.Output;

/// <summary>What commands show as tables, as JSON objects.</summary>
internal static class SummaryJson
{
    /// <summary>What a dataset holds.</summary>
    public static void Write(Utf8JsonWriter json, DatasetSummary summary, string source)
    {
        json.WriteStartObject();
        json.WriteString("data", source);
        json.WriteNumber("examples", summary.Count);
        json.WriteNumber("inputs", summary.InputSize);
        if (summary.ImageWidth is { } width)
            json.WriteNumber("imageWidth", width);
        if (summary.ImageHeight is { } height)
            json.WriteNumber("imageHeight", height);
        json.WriteNumber("targets", summary.TargetSize);
        WriteNumber(json, "minimum", summary.Minimum);
        WriteNumber(json, "maximum", summary.Maximum);
        WriteNumber(json, "mean", summary.Mean);
        WriteNumber(json, "standardDeviation", summary.StandardDeviation);
        json.WriteNumber("constantInputs", summary.ConstantFeatures);
        json.WriteNumber("duplicateExamples", summary.Duplicates);
        if (summary.Classes is { } classes)
        {
            json.WriteStartArray("classes");
            foreach (var share in classes)
            {
                json.WriteStartObject();
                json.WriteString("name", share.Name);
                json.WriteNumber("examples", share.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>How well a model does.</summary>
    public static void Write(
        Utf8JsonWriter json, ModelEvaluation evaluation, string source, LossText words, IReadOnlyList<UnknownCategory> unknown)
    {
        json.WriteStartObject();
        json.WriteString("data", source);
        json.WriteNumber("examples", evaluation.Count);
        WriteNumber(json, "loss", evaluation.Loss);
        json.WriteString("lossUnit", words.LossUnit);
        WriteNumber(json, "accuracy", evaluation.Accuracy);
        if (evaluation.Rmse is { } errors)
        {
            WriteNumbers(json, "rmse", errors);
            json.WriteString("errorUnit", words.ErrorUnit);
        }
        WriteNumber(json, "rSquared", evaluation.RSquared);
        if (evaluation.Classes is { } classes)
            WriteClasses(json, classes);
        UnknownCategoryText.Write(json, unknown);
        json.WriteEndObject();
    }

    /// <summary>What came of a training.</summary>
    public static void Write(Utf8JsonWriter json, Provenance provenance, TaskFigures figures, string folder)
    {
        json.WriteStartObject();
        json.WriteString("model", folder);
        json.WriteString("data", provenance.Data);
        json.WriteNumber("trainingExamples", provenance.TrainingExamples);
        json.WriteNumber("steps", provenance.Steps);
        json.WriteNumber("seed", provenance.Seed);
        WriteNumber(json, "trainingLoss", figures.LossOf(provenance.TrainingLoss));
        WriteNumber(json, "validationLoss", figures.LossOf(provenance.ValidationLoss ?? double.NaN));
        WriteNumber(json, "testLoss", figures.LossOf(provenance.TestLoss ?? double.NaN));
        json.WriteString("lossUnit", figures.LossUnit);
        json.WriteEndObject();
    }

    // A row of the confusion matrix for each right class.
    private static void WriteClasses(Utf8JsonWriter json, ConfusionMatrix classes)
    {
        int count = classes.Names.Count;
        json.WriteStartArray("classes");
        for (int number = 0; number < count; number++)
        {
            json.WriteStartObject();
            json.WriteString("name", classes.Names[number]);
            json.WriteNumber("examples", classes.CountOf(number));
            WriteNumber(json, "recall", classes.Recall(number));
            WriteNumber(json, "precision", classes.Precision(number));
            json.WriteStartArray("predictedAs");
            for (int predicted = 0; predicted < count; predicted++)
                json.WriteNumberValue(classes[number, predicted]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // JSON has no NaN: what is not there is left out.
    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
