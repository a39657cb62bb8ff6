using System.Text.Json;
using Hypergrad.Wording;

namespace Hypergrad.Json;

/// <summary>A value of a JSON document together with its path, so that every complaint says where: <c>$.train.inputs[3][7]</c>.</summary>
internal readonly struct JsonValue(JsonElement element, string path)
{
    /// <summary>Where the value stands.</summary>
    public string Path { get; } = path;

    /// <summary>How many items an array has.</summary>
    public int Count => Array().GetArrayLength();

    /// <summary>Whether it is a text.</summary>
    public bool IsText => element.ValueKind == JsonValueKind.String;

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber => element.ValueKind == JsonValueKind.Number;

    /// <summary>The value as it is written.</summary>
    public string Raw => element.GetRawText();

    /// <summary>A field that must be there.</summary>
    public JsonValue Field(string name) => Optional(name) ?? throw new DataException($"{Path}: the field \"{name}\" is missing.");

    /// <summary>A field that may be missing.</summary>
    public JsonValue? Optional(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        return element.TryGetProperty(name, out var value) ? new JsonValue(value, $"{Path}.{name}") : null;
    }

    /// <summary>Refuses fields that are not among those known, and fields that stand twice.</summary>
    public void RequireOnly(params string[] known)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                throw new DataException($"{Path}: there is no field {Quoted.Of(property.Name)}.{Suggestion(property.Name, known)} "
                    + $"The fields are {string.Join(", ", known)}.");
            if (!seen.Add(property.Name))
                throw new DataException($"{Path}: the field {Quoted.Of(property.Name)} stands twice.");
        }
    }

    /// <summary>A whole number.</summary>
    public int Integer() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value)
        ? value
        : throw Wrong("a whole number");

    /// <summary>A whole number from 0 to 2⁶⁴ − 1, such as a seed.</summary>
    public ulong Natural() => element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong value)
        ? value
        : throw Wrong("a whole number of at least 0");

    /// <summary>A finite number.</summary>
    public double Number() => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
        ? value
        : throw Wrong("a finite number");

    /// <summary>Whether it is true.</summary>
    public bool Boolean() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>A text.</summary>
    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("a text");

    /// <summary>An array of finite numbers, as many as there are.</summary>
    public double[] Numbers() => Numbers(Count, "entry");

    /// <summary>One of some names.</summary>
    public T Choice<T>(IReadOnlyDictionary<string, T> choices)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Wrong($"one of {string.Join(", ", choices.Keys)}");
        string name = element.GetString()!;
        return choices.TryGetValue(name, out var choice)
            ? choice
            : throw new DataException(
                $"{Path}: there is no {Quoted.Of(name)}.{Suggestion(name, choices.Keys)} Choose one of {string.Join(", ", choices.Keys)}.");
    }

    /// <summary>An array of finite numbers.</summary>
    /// <param name="length">How many it must have.</param>
    /// <param name="what">What one of them belongs to, for the complaint: "weight", "example".</param>
    public double[] Numbers(int length, string what)
    {
        RequireCount(length, what);
        var values = new double[length];
        int i = 0;
        foreach (var item in element.EnumerateArray())
        {
            values[i] = new JsonValue(item, $"{Path}[{i}]").Number();
            i++;
        }
        return values;
    }

    /// <summary>An array of rows of finite numbers, row-major.</summary>
    /// <param name="columns">How many numbers each row must have.</param>
    /// <param name="what">What a column belongs to, for the complaint.</param>
    public double[] Rows(int columns, string what)
    {
        int rows = Count;
        if (rows == 0)
            throw new DataException($"{Path}: there must be at least one row.");
        // Every row is checked before room is made for all: the sizes are the file's word alone.
        var each = Items();
        foreach (var row in each)
            row.RequireCount(columns, what);
        var values = new double[(long)rows * columns];
        for (int row = 0; row < rows; row++)
            each[row].Numbers(columns, what).CopyTo(values, (long)row * columns);
        return values;
    }

    /// <summary>The items of an array, in one go: looking each one up by its number would walk over those before it.</summary>
    public JsonValue[] Items()
    {
        var items = new JsonValue[Count];
        int i = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[i] = new(item, $"{Path}[{i}]");
            i++;
        }
        return items;
    }

    /// <summary>An array of whole numbers.</summary>
    public int[] Integers()
    {
        var items = Items();
        var values = new int[items.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = items[i].Integer();
        return values;
    }

    private void RequireCount(int length, string what)
    {
        if (Count != length)
            throw new DataException($"{Path}: {Count} numbers where there must be {length}, one per {what}.");
    }

    private JsonElement Array() => element.ValueKind == JsonValueKind.Array ? element : throw Wrong("an array");

    private DataException Wrong(string wanted) => new($"{Path}: {Quoted.Name(element.GetRawText())} is not {wanted}.");

    private static string Suggestion(string name, IEnumerable<string> known) =>
        NearestName.Find(name, known) is { } nearest ? $" Did you mean \"{nearest}\"?" : "";
}
