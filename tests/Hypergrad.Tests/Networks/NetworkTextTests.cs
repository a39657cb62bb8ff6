using Hypergrad.Networks;

namespace Hypergrad.Tests.Networks;

/// <summary>Layers in one line, written and read.</summary>
[TestFixture]
public sealed class NetworkTextTests
{
    private static readonly Layer[] Every =
    [
        new Dense(10), new Dense(7, Activation.Softplus), new Convolution(16, 3), new Convolution(16, 5, 2, Activation.Relu),
        new Convolution(8, 1) { Kernel = (3, 5), Stride = (2, 1), Padding = (0, 2), Activation = Activation.Gelu },
        new Convolution(8, 3) { Padding = (1, 1) }, new MaxPool(2), new MaxPool(3) { Stride = (2, 2) },
            new AveragePool(1) { Size = (2, 4) },
        new AveragePool(2), new GlobalAveragePool(), new Flatten(), new ActivationLayer(Activation.Tanh),
            new ActivationLayer(Activation.Identity),
        new LayerNorm(), new GroupNorm(4), new Dropout(0.1), new Dropout(1.0 / 3), new Embedding(12), new Positions(), new SelfAttention(3),
        new SelfAttention(2, IsCausal: true), new Residual(new Dense(3)),
        new Residual(new Convolution(4, 3, 1, Activation.Relu), new Residual(new Dense(4)) { Activation = Activation.Tanh })
        {
            Shortcut = [new Convolution(4, 1) { Stride = (2, 2) }, new GroupNorm(2)],
            Activation = Activation.Relu,
        },
    ];

    [TestCaseSource(nameof(Every))]
    public void Layer_ComesBack(Layer layer) => AssertSame(NetworkText.Read(layer.ToString()), [layer]);

    [Test]
    public void Layers_ComeBackTogether()
    {
        AssertSame(NetworkText.Read(NetworkText.Of(Every)), Every);
        Assert.That(Every.Select(layer => layer.Kind).Distinct(), Is.EquivalentTo(LayerKinds.Names), "every kind");
    }

    [Test]
    public void Text_ByHand()
    {
        const string text =
            "conv 16 3 relu, pool 2, residual (conv 16 3 padding=1 relu, conv 16 3 padding=1) relu, globalAveragePool, dense 10";
        AssertSame(NetworkText.Read(text),
        [
            new Convolution(16, 3, 0, Activation.Relu), new MaxPool(2),
            new Residual(new Convolution(16, 3, 1, Activation.Relu), new Convolution(16, 3, 1)) { Activation = Activation.Relu },
            new GlobalAveragePool(), new Dense(10),
        ]);
        Assert.That(NetworkText.Of(NetworkText.Read(text)), Is.EqualTo(text));
        AssertSame(NetworkText.Read("convolution kernel=3x5 channels=4 activation=tanh stride=2,attention 2 causal"),
            [new Convolution(4, 1) { Kernel = (3, 5), Stride = (2, 2), Activation = Activation.Tanh },
                new SelfAttention(2, IsCausal: true)]);
    }

    [TestCase("dense", "units is missing")]
    [TestCase("dense ten", "its units is missing; \"ten\" is none.")]
    [TestCase("dense 10 20", "\"20\" is not one of its fields, or is one too many.")]
    [TestCase("dense 10 units=10", "\"10\" is not one of its fields, or is one too many.")]
    [TestCase("dense units=10 units=10", "units is given twice.")]
    [TestCase("dense 0", "its units \"0\" must be a whole number of at least 1.")]
    [TestCase("dense 1.5", "its units \"1.5\" must be a whole number of at least 1.")]
    [TestCase("dense 10 activation=tahn", "there is no activation \"tahn\"")]
    [TestCase("conv 4 3xx3", "its kernel \"x3\" must be a whole number of at least 1.")]
    [TestCase("convolusion 4 3", "did you mean \"convolution\"?")]
    [TestCase("dense 3,, dense 2", "Layer 2 of the network \"dense 3,, dense 2\" is empty; write a layer between two commas.")]
    [TestCase("", "is empty")]
    [TestCase("residual", "its body is missing; write its layers in parentheses.")]
    [TestCase("residual (dense 3", "does not close the parenthesis of layer 1.")]
    [TestCase("residual (dense 3) (dense 3) (dense 3)", "it has more layers in parentheses than it takes.")]
    [TestCase("dense 3)", "has a closing parenthesis at character 8 that nothing opens.")]
    [TestCase("dropout x", "its rate is missing; \"x\" is none.")]
    [TestCase("dropout rate=x", "its rate \"x\" is no number such as 0.5.")]
    [TestCase("attention 2 causal=maybe", "its causal \"maybe\" is neither true nor false.")]
    public void Text_ThatIsNone_IsRefused(string text, string complaint) =>
        Assert.That(() => NetworkText.Read(text), Throws.TypeOf<ConfigurationException>().With.Message.Contains(complaint));

    private static void AssertSame(IReadOnlyList<Layer> actual, IReadOnlyList<Layer> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < expected.Count; i++)
            if (expected[i] is Residual residual)
            {
                var read = (Residual)actual[i];
                Assert.That(read.Activation, Is.EqualTo(residual.Activation));
                AssertSame(read.Body, residual.Body);
                Assert.That(read.Shortcut is null, Is.EqualTo(residual.Shortcut is null));
                if (residual.Shortcut is { } shortcut)
                    AssertSame(read.Shortcut!, shortcut);
            }
            else
                Assert.That(actual[i], Is.EqualTo(expected[i]));
    }
}
