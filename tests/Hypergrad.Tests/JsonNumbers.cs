using System.Text.Json;

namespace Hypergrad.Tests;

internal static class JsonNumbers
{
    /// <summary>All numbers of arrays in arrays, in order.</summary>
    public static double[] Of(JsonElement element) => [.. Flatten(element)];

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
