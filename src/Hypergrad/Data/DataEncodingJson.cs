using System.Text;
using System.Text.Json;
using Hypergrad.Json;

namespace Hypergrad.Data;

/// <summary>Writes and reads an encoding as JSON.</summary>
internal static class DataEncodingJson
{
    private const int Version = 1;

    private static readonly Dictionary<string, MissingValues> Policies = new()
    {
        ["refuse"] = MissingValues.Refuse,
        ["impute"] = MissingValues.Impute,
        ["drop"] = MissingValues.Drop,
    };

    private static readonly Dictionary<string, UnknownCategories> UnknownPolicies = new()
    {
        ["refuse"] = UnknownCategories.Refuse,
        ["zero"] = UnknownCategories.Zero,
    };

    public static string Write(DataEncoding encoding)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("inputSize", encoding.InputSize);
            if (encoding.ImageWidth is { } width)
                json.WriteNumber("imageWidth", width);
            json.WriteNumber("imageChannels", encoding.ImageChannels);
            json.WriteString("missing", NameOf(Policies, encoding.Missing));
            json.WriteString("unknownCategories", NameOf(UnknownPolicies, encoding.UnknownCategories));
            json.WriteBoolean("doublePrecision", encoding.DoublePrecision);
            WriteTexts(json, "targetColumns", encoding.TargetColumns);
            if (encoding.ClassNames is { } names)
                WriteTexts(json, "classNames", names);
            if (encoding.Columns is { } columns)
                WriteColumns(json, columns);
            NormalizationFields.Write(json, "inputNormalization", encoding.InputNormalization);
            NormalizationFields.Write(json, "targetNormalization", encoding.TargetNormalization);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static DataEncoding Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(new JsonValue(document.RootElement, "$"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DataException($"The encoding is not valid JSON: {error.Message}", error);
        }
    }

    private static DataEncoding Read(JsonValue root)
    {
        root.RequireOnly("version", "inputSize", "imageWidth", "imageChannels", "missing", "unknownCategories", "doublePrecision",
            "targetColumns", "classNames", "columns", "inputNormalization", "targetNormalization");
        if (root.Field("version").Integer() is not Version and var version)
            throw new DataException($"{root.Path}.version: {version}; this version of the library reads {Version}.");
        var encoding = new DataEncoding
        {
            InputSize = Positive(root.Field("inputSize")),
            ImageWidth = root.Optional("imageWidth") is { } width ? Positive(width) : null,
            ImageChannels = Positive(root.Field("imageChannels")),
            Missing = root.Field("missing").Choice(Policies),
            UnknownCategories = root.Optional("unknownCategories") is { } unknown ? unknown.Choice(UnknownPolicies) : default,
            DoublePrecision = root.Field("doublePrecision").Boolean(),
            TargetColumns = Texts(root.Field("targetColumns")),
            ClassNames = root.Optional("classNames") is { } names ? Texts(names) : null,
            Columns = root.Optional("columns") is { } columns ? [.. columns.Items().Select(ReadColumn)] : null,
            InputNormalization = NormalizationFields.Read(root, "inputNormalization", "input"),
            TargetNormalization = NormalizationFields.Read(root, "targetNormalization", "target"),
        };
        RequireSizes(root, encoding);
        return encoding;
    }

    private static void RequireSizes(JsonValue root, DataEncoding encoding)
    {
        if (encoding.Columns is { } columns && columns.Sum(column => (long)column.Size) != encoding.InputSize)
            throw new DataException($"{root.Path}.inputSize: {encoding.InputSize}, and the columns make "
                + $"{columns.Sum(column => (long)column.Size)} inputs.");
        if (encoding.InputNormalization is { } inputs && inputs.InputSize != encoding.InputSize)
            throw new DataException($"{root.Path}.inputNormalization: {inputs.InputSize} features, and inputSize is {encoding.InputSize}.");
        if (encoding.ImageWidth is { } width && encoding.InputSize % ((long)width * encoding.ImageChannels) != 0)
            throw new DataException($"{root.Path}.imageWidth: {encoding.InputSize} inputs do not make a picture of width {width}.");
    }

    private static InputColumn ReadColumn(JsonValue column)
    {
        column.RequireOnly("name", "categories", "median");
        return new(column.Field("name").Text(), column.Optional("categories") is { } categories ? Texts(categories) : null,
            column.Optional("median")?.Number());
    }

    private static void WriteColumns(Utf8JsonWriter json, IReadOnlyList<InputColumn> columns)
    {
        json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            if (column.Categories is { } categories)
                WriteTexts(json, "categories", categories);
            if (column.Median is { } median)
                json.WriteNumber("median", median);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static int Positive(JsonValue value) => value.Integer() is > 0 and var number
        ? number
        : throw new DataException($"{value.Path}: {value.Integer()}; it must be at least 1.");

    private static string[] Texts(JsonValue array) => [.. array.Items().Select(item => item.Text())];

    private static string NameOf<T>(Dictionary<string, T> names, T value) where T : struct, Enum =>
        names.First(entry => entry.Value.Equals(value)).Key;

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
