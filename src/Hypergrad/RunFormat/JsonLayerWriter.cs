using System.Text.Json;
using Hypergrad.Networks;

namespace Hypergrad.RunFormat;

/// <summary>Writes the fields of layers as <see cref="JsonLayerFields"/> reads them.</summary>
internal sealed class JsonLayerWriter : LayerWriter
{
    private readonly Utf8JsonWriter json;

    private JsonLayerWriter(Utf8JsonWriter json) => this.json = json;

    /// <summary>Writes a list of layers as a field.</summary>
    public static void WriteLayers(Utf8JsonWriter json, string name, IReadOnlyList<Layer> layers)
    {
        json.WriteStartArray(name);
        foreach (var layer in layers)
        {
            json.WriteStartObject();
            json.WriteString("layer", layer.Kind);
            layer.Write(new JsonLayerWriter(json));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public override void Integer(string name, int value) => json.WriteNumber(name, value);

    public override void Pair(string name, (int Height, int Width) value, (int Height, int Width)? fallback = null)
    {
        if (value == fallback)
            return;
        json.WriteStartArray(name);
        json.WriteNumberValue(value.Height);
        json.WriteNumberValue(value.Width);
        json.WriteEndArray();
    }

    public override void Number(string name, double value) => json.WriteNumber(name, value);

    public override void Flag(string name, bool value) => json.WriteBoolean(name, value);

    public override void Activation(Activation value, string name = "activation")
    {
        if (value != Networks.Activation.Identity)
            json.WriteString(name, Spelling.Of(value));
    }

    public override void Layers(string name, IReadOnlyList<Layer>? layers)
    {
        if (layers is not null)
            WriteLayers(json, name, layers);
    }
}
