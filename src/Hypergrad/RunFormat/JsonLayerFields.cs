using Hypergrad.Json;
using Hypergrad.Networks;

namespace Hypergrad.RunFormat;

/// <summary>The fields of a layer in a run file: {"layer": "dense", "units": 10, "activation": "tanh"}.</summary>
internal sealed class JsonLayerFields : LayerFields
{
    private readonly JsonValue layer;
    private readonly List<string> known = ["layer"];

    private JsonLayerFields(JsonValue layer) => this.layer = layer;

    /// <summary>Reads a list of layers.</summary>
    public static IReadOnlyList<Layer> ReadLayers(JsonValue layers) => [.. layers.Items().Select(ReadLayer)];

    public override int Integer(string name, int? fallback = null, int least = 1) => Find(name) is { } value
        ? Whole(value, least)
        : fallback ?? Missing(name).Integer();

    public override (int Height, int Width) Pair(string name, (int Height, int Width)? fallback = null, int least = 1)
    {
        if (Find(name) is not { } value)
            return fallback ?? (Missing(name).Integer(), 0);
        if (value.IsNumber)
            return (Whole(value, least), Whole(value, least));
        var items = value.Items();
        return items.Length == 2
            ? (Whole(items[0], least), Whole(items[1], least))
            : throw new DataException($"{value.Path}: {items.Length} numbers where there must be two, height and width.");
    }

    public override double Number(string name, double? fallback = null) =>
        Find(name) is { } value ? value.Number() : fallback ?? Missing(name).Number();

    public override bool Flag(string name) => Find(name) is { } value && value.Boolean();

    public override Activation Activation(string name = "activation") =>
        Find(name) is { } value ? value.Choice(Spelling.Activations) : Networks.Activation.Identity;

    public override IReadOnlyList<Layer> Layers(string name) => ReadLayers(Find(name) ?? Missing(name));

    public override IReadOnlyList<Layer>? OptionalLayers(string name) => Find(name) is { } value ? ReadLayers(value) : null;

    private static Layer ReadLayer(JsonValue value)
    {
        var fields = new JsonLayerFields(value);
        var kind = value.Field("layer");
        if (!LayerKinds.TryRead(kind.Text(), fields, out var layer, out string complaint))
            throw new DataException($"{kind.Path}: {complaint}");
        value.RequireOnly([.. fields.known]);
        return layer;
    }

    private JsonValue? Find(string name)
    {
        known.Add(name);
        return layer.Optional(name);
    }

    // Asks for a field that is not there, and so for the complaint of that.
    private JsonValue Missing(string name) => layer.Field(name);

    private static int Whole(JsonValue value, int least) => value.Integer() is var number && number >= least
        ? number
        : throw new DataException($"{value.Path}: {number} is below {least}, the least it can be.");
}
