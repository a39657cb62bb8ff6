using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Tests.Networks;

/// <summary>What every layer lowers to, and what it refuses.</summary>
[TestFixture]
public sealed class LayerTests
{
    private static readonly NetworkInput Image = NetworkInput.Numbers(8, 6, 4), Row = NetworkInput.Numbers(12);
    private static readonly NetworkInput Tokens = NetworkInput.Tokens(vocabulary: 11, length: 6);

    private static IEnumerable<TestCaseData> Lowered()
    {
        static TestCaseData Case(string name, NetworkInput input, Layer[] layers, int[] shape, string tensors, Type[] operations) =>
            new TestCaseData(input, layers, shape, tensors, operations).SetArgDisplayNames(name);

        yield return Case("dense", Row, [new Dense(5, Activation.Tanh)], [5], "W1 12×5, b1 1×5", [typeof(Affine)]);
        yield return Case("dense of an image, at every pixel", Image, [new Dense(5)], [8, 6, 5], "W1 4×5, b1 1×5", [typeof(Affine)]);
        yield return Case("convolution", Image, [new Convolution(7, 3)], [6, 4, 7], "W1 36×7, b1 1×7", [typeof(Affine)]);
        yield return Case("convolution with stride and padding", Image,
            [new Convolution(7, 1) { Kernel = (3, 2), Stride = (2, 3), Padding = (1, 0) }], [4, 2, 7], "W1 24×7, b1 1×7", [typeof(Affine)]);
        yield return Case("maxPool", Image, [new MaxPool(2), new Dense(1)], [4, 3, 1], "W1 4×1, b1 1×1", [typeof(Pool), typeof(Affine)]);
        yield return Case("averagePool", Image, [new AveragePool(3) { Stride = (1, 2) }, new Dense(1)], [6, 2, 1], "W1 4×1, b1 1×1",
            [typeof(Pool), typeof(Affine)]);
        yield return Case("globalAveragePool", Image, [new GlobalAveragePool(), new Dense(2)], [2], "W1 4×2, b1 1×2",
            [typeof(Pool), typeof(Affine)]);
        yield return Case("flatten", Image, [new Flatten(), new Dense(2)], [2], "W1 192×2, b1 1×2", [typeof(Affine)]);
        yield return Case("activation", Row, [new ActivationLayer(Activation.Relu), new ActivationLayer(Activation.Identity), new Dense(1)],
            [1], "W1 12×1, b1 1×1", [typeof(Activate), typeof(Affine)]);
        yield return Case("layerNorm", Image, [new LayerNorm()], [8, 6, 4], "scale1 1×4, shift1 1×4", [typeof(Normalize)]);
        yield return Case("groupNorm", Image, [new GroupNorm(2)], [8, 6, 4], "scale1 1×4, shift1 1×4", [typeof(Normalize)]);
        yield return Case("dropout", Row, [new Dropout(0.5), new Dropout(0), new Dense(1)], [1], "W1 12×1, b1 1×1",
            [typeof(DropUnits), typeof(Affine)]);
        yield return Case("residual", Row, [new Residual(new Dense(12, Activation.Tanh)) { Activation = Activation.Relu }], [12],
            "W1 12×12, b1 1×12", [typeof(Affine), typeof(Add), typeof(Activate)]);
        yield return Case("residual with a shortcut", Row, [new Residual(new Dense(3), new Dense(5)) { Shortcut = [new Dense(5)] }], [5],
            "W1 12×3, b1 1×3, W2 3×5, b2 1×5, W3 12×5, b3 1×5", [typeof(Affine), typeof(Affine), typeof(Affine), typeof(Add)]);
        yield return Case("embedding", Tokens, [new Embedding(4)], [6, 4], "E1 11×4", [typeof(Embed)]);
        yield return Case("positions", Tokens, [new Embedding(4), new Positions()], [6, 4], "E1 11×4, P2 6×4",
            [typeof(Embed), typeof(AddParameter)]);
        yield return Case("attention", Tokens, [new Embedding(4), new SelfAttention(2, IsCausal: true)], [6, 4],
            "E1 11×4, Wq2 4×4, bq2 1×4, Wk2 4×4, bk2 1×4, Wv2 4×4, bv2 1×4, Wo2 4×4, bo2 1×4",
            [typeof(Embed), typeof(Affine), typeof(Affine), typeof(Affine), typeof(BatchedProduct), typeof(RowSoftmax),
                typeof(BatchedProduct), typeof(Affine)]);
    }

    [TestCaseSource(nameof(Lowered))]
    public void Layer_LowersToOperations(NetworkInput input, Layer[] layers, int[] shape, string tensors, Type[] operations)
    {
        var network = new Network(input, layers);
        Assert.That(network.OutputShape, Is.EqualTo(new Shape(shape)));
        Assert.That(string.Join(", ", network.Tensors.Select(tensor => $"{tensor.Name} {tensor.Rows}×{tensor.Columns}")),
            Is.EqualTo(tensors));
        Assert.That(network.Program.Operations.Select(operation => operation.GetType()), Is.EqualTo(operations));
        Assert.That(network.Program.Operations.Select(operation => operation.Output.Index), Is.Ordered.And.Unique);
        Assert.That(network.Tensors.Select(tensor => tensor.Offset),
            Is.EqualTo(network.Tensors.Select((_, i) => network.Tensors.Take(i).Sum(tensor => tensor.Count))), "one after the other");
    }

    [Test]
    public void EveryKind_IsLowered() => Assert.That(
        Lowered().SelectMany(entry => (Layer[])entry.Arguments[1]!).Select(layer => layer.Kind).Distinct(),
            Is.EquivalentTo(LayerKinds.Names));

    private static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(NetworkInput input, string message, params Layer[] layers) =>
            new TestCaseData(input, layers, message).SetArgDisplayNames(message);

        yield return Case(Row, "Layer 1 (dense): 0 units; it needs at least 1.", new Dense(0));
        yield return Case(Image, "Layer 1 (convolution): 0 channels; it needs at least 1.", new Convolution(0, 3));
        yield return Case(Row, "Layer 1 (convolution): it takes an image [height, width, channels], and its input has the shape 12; give "
            + "the "
            + "network an input shape such as [28, 28, 1], or put this layer before those that flatten it.", new Convolution(3, 3));
        yield return Case(Image, "Layer 1 (convolution): its windows of 9×3 are larger than its input of 8×6×4, which is 8×6 with its "
            + "padding; nothing would be left. Make them smaller, or the image larger.", new Convolution(3, 1) { Kernel = (9, 3) });
        yield return Case(Image, "Layer 1 (convolution): windows of 3×3 with stride 0×1 and padding 0×0; sizes and strides are at least 1, "
            + "paddings at least 0.", new Convolution(3, 3) { Stride = (0, 1) });
        yield return Case(Image, "Layer 2 (maxPool): its windows of 4×4 are larger than its input of 4×3×4, which is 4×3 with its padding; "
            + "nothing would be left. Make them smaller, or the image larger.", new MaxPool(2), new MaxPool(4), new Dense(1));
        yield return Case(Image, "Layer 1 (averagePool): its windows of 7×7 are larger than its input of 8×6×4, which is 8×6 with its "
            + "padding; nothing would be left. Make them smaller, or the image larger.", new AveragePool(7), new Dense(1));
        yield return Case(Row, "Layer 1 (globalAveragePool): it takes an image or a sequence, and its input has the shape 12.",
            new GlobalAveragePool(), new Dense(1));
        yield return Case(Image, "Layer 1 (groupNorm): 3 groups do not divide the 4 channels of its input 8×6×4.", new GroupNorm(3));
        yield return Case(Row, "Layer 1 (dropout): a rate of 1; it must be at least 0 and below 1.", new Dropout(1), new Dense(1));
        yield return Case(Row, "Layer 1 (dropout): a rate of NaN; it must be at least 0 and below 1.", new Dropout(double.NaN),
            new Dense(1));
        yield return Case(Row, "Layer 2 (residual): its body gives the shape 3 and its shortcut 5, which cannot be added; give it a "
            + "shortcut "
            + "of layers that lead to the body's shape, such as a convolution of kernel 1 and the body's stride.",
            new Dense(5), new Residual(new Dense(4), new Dense(3)));
        yield return Case(Row, "Layer 1 (residual): its body has no layers; give it at least one.", new Residual(), new Dense(1));
        yield return Case(Image, "Layer 1.2 (convolution): its windows of 9×9 are larger than its input of 8×6×2, which is 8×6 with its "
            + "padding; nothing would be left. Make them smaller, or the image larger.",
            new Residual(new Convolution(2, 3, 1), new Convolution(4, 9)));
        yield return Case(Row, "Layer 1 (embedding): it takes tokens, and its input is numbers; it can only be the first layer of a "
            + "network of "
            + "tokens.", new Embedding(3));
        yield return Case(Tokens, "Layer 1 (embedding): a width of 0; it needs at least 1.", new Embedding(0));
        yield return Case(Row, "Layer 1 (positions): it takes a sequence [length, width], and its input has the shape 12.",
            new Positions());
        yield return Case(Row, "Layer 1 (attention): it takes a sequence [length, width], and its input has the shape 12.",
            new SelfAttention(2));
        yield return Case(Tokens, "Layer 2 (attention): 3 heads do not divide the width 4 of its input 6×4.",
            new Embedding(4), new SelfAttention(3));
        yield return Case(Row, "The network has no weights to train; give it at least one layer that has some, such as Dense.",
            new ActivationLayer(Activation.Tanh));
    }

    [TestCaseSource(nameof(Refused))]
    public void Layer_ThatDoesNotFit_IsRefused_NamingItAndTheShapes(NetworkInput input, Layer[] layers, string message) =>
        Refusals.Configuration(() => _ = new Network(input, layers), message);

    // Numbers given as tokens would be read as numbers of rows.
    [Test]
    public void Tokens_ForAnotherLayerThanAnEmbedding_AreRefused() => Assert.That(
        () => new Network(Tokens, [new Dense(3)]), Throws.TypeOf<ConfigurationException>().With.Message.Contains("token"));

    [Test]
    public void Inputs_ThatAreNone_AreRefused()
    {
        Refusals.Configuration(
            () => NetworkInput.Tokens(0, 6), "An input of 6 tokens out of a vocabulary of 0: both must be at least 1.");
        Assert.That(() => NetworkInput.Numbers(3, 4), Throws.TypeOf<ConfigurationException>().With.Message.EndsWith(
            "give [features], or [height, width, channels] for images."));
        Assert.That(() => NetworkInput.Numbers(8, 0, 1), Throws.TypeOf<ConfigurationException>());
    }
}
