using System.Text.Json;
using Hypergrad.Json;

namespace Hypergrad.Data;

/// <summary>A normalisation as a field of a file: of <c>model.json</c>, of <c>result.json</c>, or of an encoding.</summary>
internal static class NormalizationFields
{
    /// <summary>Writes the field, where there is a normalisation.</summary>
    public static void Write(Utf8JsonWriter json, string field, Normalization? normalization)
    {
        if (normalization is null)
            return;
        json.WriteStartObject(field);
        json.WriteString("mode", NormalizationNames.Of(normalization.Mode));
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
    /// <param name="features">How many features there must be; null for as many as there are.</param>
    /// <exception cref="DataException">It makes no sense.</exception>
    public static Normalization? Read(JsonValue file, string field, string name, int? features = null)
    {
        if (file.Optional(field) is not { } given)
            return null;
        // The last as encodings were written once.
        given.RequireOnly("mode", "shift", "scale", "constant", "constantFeatures");
        double[] shift = features is { } wanted ? given.Field("shift").Numbers(wanted, name) : given.Field("shift").Numbers();
        double[] scale = given.Field("scale").Numbers(shift.Length, name);
        // Which are constant was not in every result.json, and no map depends on it.
        string constantField = given.Optional("constantFeatures") is null ? "constant" : "constantFeatures";
        int[] constant = given.Optional(constantField)?.Integers() ?? [];
        int wrong = Array.FindIndex(constant, feature => feature < 0 || feature >= shift.Length);
        if (wrong >= 0)
            throw new DataException($"{given.Path}.{constantField}: there is no {name} {constant[wrong]}; they are numbered 0 to "
                + $"{shift.Length - 1}.");
        return Normalization.Restore(name, Mode(given.Field("mode")), shift, scale, constant);
    }

    private static NormalizationMode Mode(JsonValue given) =>
        given.IsText && NormalizationNames.Former.TryGetValue(given.Text(), out var former)
            ? former
            : given.Choice(NormalizationNames.All);

    private static void WriteNumbers(Utf8JsonWriter json, string field, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray(field);
        foreach (double number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
