using Hypergrad.Wording;

namespace Hypergrad.Networks;

/// <summary>The kinds of layers that files and options can name.</summary>
public static class LayerKinds
{
    private static readonly Dictionary<string, Func<LayerFields, Layer>> Readers = new()
    {
        ["dense"] = Dense.Read,
        ["convolution"] = Convolution.Read,
        ["maxPool"] = MaxPool.Read,
        ["averagePool"] = AveragePool.Read,
        ["globalAveragePool"] = GlobalAveragePool.Read,
        ["flatten"] = Flatten.Read,
        ["activation"] = ActivationLayer.Read,
        ["residual"] = Residual.Read,
        ["layerNorm"] = LayerNorm.Read,
        ["groupNorm"] = GroupNorm.Read,
        ["dropout"] = Dropout.Read,
        ["embedding"] = Embedding.Read,
        ["positions"] = Positions.Read,
        ["attention"] = SelfAttention.Read,
    };

    /// <summary>The names, as run files spell them.</summary>
    public static IReadOnlyCollection<string> Names => Readers.Keys;

    /// <summary>Reads a layer of a kind, or says what is wrong with the kind's name.</summary>
    /// <param name="kind">The name.</param>
    /// <param name="fields">The layer's fields.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="complaint">What is wrong: "there is no layer \"convolusion\"; did you mean \"convolution\"?".</param>
    internal static bool TryRead(string kind, LayerFields fields, out Layer layer, out string complaint)
    {
        layer = null!;
        complaint = "";
        if (Readers.TryGetValue(kind, out var read))
        {
            layer = read(fields);
            return true;
        }
        complaint = $"there is no layer \"{kind}\"; " + (NearestName.Find(kind, Names) is { } nearest
            ? $"did you mean \"{nearest}\"?"
            : $"the layers are {string.Join(", ", Names)}.");
        return false;
    }
}
