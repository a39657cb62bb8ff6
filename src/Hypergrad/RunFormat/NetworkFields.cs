using System.Text.Json;
using Hypergrad.Json;
using Hypergrad.Networks;

namespace Hypergrad.RunFormat;

/// <summary>A network as files have it, in three fields: "input", "network" (its layers) and "loss".</summary>
internal static class NetworkFields
{
    /// <summary>The names of the fields.</summary>
    public static IReadOnlyList<string> Names { get; } = ["input", "network", "loss"];

    /// <summary>Reads the network of an object.</summary>
    /// <exception cref="DataException">A field is missing or makes no sense.</exception>
    /// <exception cref="ConfigurationException">Layers that do not fit each other.</exception>
    public static Network Read(JsonValue file)
    {
        var input = ReadInput(file.Field("input"));
        var layers = JsonLayerFields.ReadLayers(file.Field("network"));
        return new(input, layers, file.Field("loss").Choice(Spelling.Losses));
    }

    /// <summary>Writes the fields into an object that was begun.</summary>
    public static void Write(Utf8JsonWriter json, Network network)
    {
        json.WriteStartObject("input");
        if (network.Input.Vocabulary is { } vocabulary)
        {
            json.WriteNumber("tokens", vocabulary);
            json.WriteNumber("length", network.InputSize);
        }
        else
        {
            json.WriteStartArray("shape");
            foreach (int size in network.Input.Shape.Sizes)
                json.WriteNumberValue(size);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        JsonLayerWriter.WriteLayers(json, "network", network.Layers);
        json.WriteString("loss", Spelling.Of(network.Loss));
    }

    private static NetworkInput ReadInput(JsonValue input)
    {
        input.RequireOnly("shape", "tokens", "length");
        if (input.Optional("shape") is not { } shape)
            return NetworkInput.Tokens(input.Field("tokens").Integer(), input.Field("length").Integer());
        if (input.Optional("tokens") is not null || input.Optional("length") is not null)
            throw new DataException($"{input.Path}: give the shape of numbers, or tokens and their length; not both.");
        return NetworkInput.Numbers(shape.Integers());
    }
}
