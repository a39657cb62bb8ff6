namespace Hypergrad.Networks;

/// <summary>How files and options spell activations and losses.</summary>
internal static class Spelling
{
    /// <summary>The activations by name.</summary>
    public static IReadOnlyDictionary<string, Activation> Activations { get; } = new Dictionary<string, Activation>
    {
        ["tanh"] = Activation.Tanh,
        ["relu"] = Activation.Relu,
        ["sigmoid"] = Activation.Sigmoid,
        ["softplus"] = Activation.Softplus,
        ["gelu"] = Activation.Gelu,
        ["identity"] = Activation.Identity,
    };

    /// <summary>The losses by name.</summary>
    public static IReadOnlyDictionary<string, Loss> Losses { get; } = new Dictionary<string, Loss>
    {
        ["softmax-cross-entropy"] = Loss.SoftmaxCrossEntropy,
        ["squared"] = Loss.Squared,
    };

    /// <summary>An activation's name.</summary>
    public static string Of(Activation activation) => Activations.First(entry => entry.Value == activation).Key;

    /// <summary>A loss's name.</summary>
    public static string Of(Loss loss) => Losses.First(entry => entry.Value == loss).Key;
}
