using Hypergrad.Networks;

namespace Hypergrad.Tests.Models;

/// <summary>Networks that between them have every layer, in every manner that changes what it does.</summary>
internal static class NetworksOfEveryLayer
{
    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (var activation in Enum.GetValues<Activation>())
            yield return Case($"dense {activation}", new([5], new Dense(7, activation), new Dense(3)));
        yield return Case("convolution", Image(new Convolution(4, 3, 1, Activation.Relu) { Stride = (2, 1) }, new Flatten(), new Dense(3)));
        yield return Case("oblong convolution", Image(
            new Convolution(4, 1) { Kernel = (3, 2), Padding = (0, 1), Activation = Activation.Tanh }, new Flatten(), new Dense(3)));
        yield return Case("max pool", Image(new MaxPool(2), new Flatten(), new Dense(3)));
        yield return Case("overlapping average pool", Image(new AveragePool(3) { Stride = (1, 2) }, new Flatten(), new Dense(3)));
        yield return Case("global average pool", Image(new Convolution(4, 3), new GlobalAveragePool(), new Dense(3)));
        yield return Case("activation", new([5], new Dense(7), new ActivationLayer(Activation.Gelu), new Dense(3)));
        yield return Case("residual", new([5], new Residual(new Dense(5, Activation.Tanh)) { Activation = Activation.Relu }, new Dense(3)));
        yield return Case("residual with shortcut",
            new([5], new Residual(new Dense(4, Activation.Tanh)) { Shortcut = [new Dense(4)] }, new Dense(3)));
        yield return Case("layer norm", new([5], new Dense(6), new LayerNorm(), new Dense(3)));
        yield return Case("layer norm of pixels", Image(new Convolution(4, 3), new LayerNorm(), new Flatten(), new Dense(3)));
        yield return Case("group norm", Image(new Convolution(6, 3), new GroupNorm(3), new Flatten(), new Dense(3)));
        yield return Case("group norm of all", Image(new Convolution(6, 3), new GroupNorm(1), new Flatten(), new Dense(3)));
        yield return Case("dropout", new([5], new Dense(8), new Dropout(0.5), new Dense(3)));
        yield return Case("embedding", Network.OfTokens(6, 4, new Embedding(8), new GlobalAveragePool(), new Dense(3)));
        yield return Case("positions", Network.OfTokens(6, 4, new Embedding(8), new Positions(), new Dense(3)));
        yield return Case("attention", Network.OfTokens(6, 4, new Embedding(8), new SelfAttention(2), new Dense(3)));
        yield return Case("causal attention of one head",
            Network.OfTokens(6, 4, new Embedding(8), new SelfAttention(1, true), new Dense(3)));
        yield return Case("flattened sequence", Network.OfTokens(6, 4, new Embedding(8), new Flatten(), new Dense(3)));
        yield return Case("a VGG", Vgg());
        yield return Case("a residual network", ResidualNetwork());
        yield return Case("a transformer", Transformer());
    }

    public static Network Vgg() => new([8, 8, 3],
        new Convolution(6, 3, 1, Activation.Relu), new Convolution(6, 3, 1, Activation.Relu), new MaxPool(2),
        new Convolution(8, 3, 1, Activation.Relu), new Convolution(8, 3, 1, Activation.Relu), new MaxPool(2),
        new Flatten(), new Dense(16, Activation.Relu), new Dropout(0.5), new Dense(10));

    public static Network ResidualNetwork() => new([8, 8, 3],
        new Convolution(6, 3, 1), new GroupNorm(2), new ActivationLayer(Activation.Relu),
        new Residual(new Convolution(6, 3, 1, Activation.Relu), new GroupNorm(2), new Convolution(6, 3, 1))
        {
            Activation = Activation.Relu,
        },
        new Residual(new Convolution(8, 3, 1) { Stride = (2, 2) }, new GroupNorm(4))
        {
            Shortcut = [new Convolution(8, 1) { Stride = (2, 2) }],
            Activation = Activation.Relu,
        },
        new GlobalAveragePool(), new Dense(10));

    public static Network Transformer() => Network.OfTokens(12, 6,
        new Embedding(8), new Positions(),
        new Residual(new LayerNorm(), new SelfAttention(2, IsCausal: true)),
        new Residual(new LayerNorm(), new Dense(16, Activation.Gelu), new Dropout(0.1), new Dense(8)),
        new LayerNorm(), new Dense(12));

    private static Network Image(params Layer[] layers) => new([6, 7, 2], layers);

    private static TestCaseData Case(string name, Network network) => new TestCaseData(network).SetArgDisplayNames(name);
}
