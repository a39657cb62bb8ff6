using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Json;

namespace Hypergrad.Models;

/// <summary>A normalisation as a field of <c>model.json</c>.</summary>
internal static class NormalizationFields
{
    private static readonly Dictionary<string, NormalizationMode> Modes = new()
    {
        ["unit-range"] = NormalizationMode.UnitRange,
        ["standardize"] = NormalizationMode.Standardize,
        ["center"] = NormalizationMode.Center,
    };

    /// <summary>Writes the field, where there is a normalisation.</summary>
    public static void Write(Utf8JsonWriter json, string field, Normalization? normalization)
    {
        if (normalization is null)
            return;
        json.WriteStartObject(field);
        json.WriteString("mode", Modes.First(entry => entry.Value == normalization.Mode).Key);
        WriteNumbers(json, "shift", normalization.Shift);
        WriteNumbers(json, "scale", normalization.Scale);
        json.WriteStartArray("constant");
        foreach (int feature in normalization.ConstantFeatures)
            json.WriteNumberValue(feature);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads the field; null where it is not there.</summary>
    /// <param name="file">What has the field.</param>
    /// <param name="field">Its name.</param>
    /// <param name="name">What is normalised, for messages: "input", "target".</param>
    /// <param name="size">How many features there are.</param>
    /// <exception cref="DataException">It makes no sense.</exception>
    public static Normalization? Read(JsonValue file, string field, string name, int size)
    {
        if (file.Optional(field) is not { } given)
            return null;
        given.RequireOnly("mode", "shift", "scale", "constant");
        double[] scale = given.Field("scale").Numbers(size, name);
        int[] constant = given.Field("constant").Integers();
        int wrong = Array.FindIndex(constant, feature => feature < 0 || feature >= size);
        if (wrong >= 0)
            throw new DataException($"{given.Path}.constant: there is no {name} {constant[wrong]}; they are numbered 0 to {size - 1}.");
        return Normalization.Restore(
            name, given.Field("mode").Choice(Modes), given.Field("shift").Numbers(size, name), scale, constant);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string field, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray(field);
        foreach (double number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
