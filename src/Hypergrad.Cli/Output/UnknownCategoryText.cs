using System.Globalization;
using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Output;

/// <summary>What is told of categories that were not learned, and became 0 in all inputs of their column.</summary>
internal static class UnknownCategoryText
{
    private const int MostNamed = 10;

    private const string Consequence = "All inputs of the column are 0 there.";

    /// <summary>A sentence on those of some parts of the data; null where there are none.</summary>
    public static string? OfParts(IEnumerable<(string Part, IReadOnlyList<UnknownCategory> Categories)> parts)
    {
        string[] told = [.. parts.Where(part => part.Categories.Count > 0).Select(part => $"{part.Part}: {Named(part.Categories)}")];
        return told.Length == 0 ? null : $"{string.Join("; ", told)}. {Consequence}";
    }

    /// <summary>A sentence on those that a model does not know; null where there are none.</summary>
    public static string? Of(IReadOnlyList<UnknownCategory> unknown) => unknown.Count == 0 ? null
        : $"Categories that no training example has: {Named(unknown)}. {Consequence}";

    /// <summary>Writes them as a field; nothing where there are none.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<UnknownCategory> unknown)
    {
        if (unknown.Count == 0)
            return;
        json.WriteStartArray("unknownCategories");
        foreach (var category in unknown)
        {
            json.WriteStartObject();
            json.WriteString("column", category.Column);
            json.WriteString("category", category.Category);
            json.WriteNumber("examples", category.Examples);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Named(IReadOnlyList<UnknownCategory> unknown) =>
        string.Join(", ", unknown.Take(MostNamed).Select(Named))
            + (unknown.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {unknown.Count - MostNamed} more") : "");

    private static string Named(UnknownCategory unknown) => $"{Quoted.Of(unknown.Category)} of column {Quoted.Of(unknown.Column)} in "
        + SearchText.Count(unknown.Examples, "example", "examples");
}
