namespace Hypergrad.Networks;

/// <summary>
/// A network of layers with its loss. Its weights are one long vector: tensor after tensor in the order of the layers
/// (<see cref="Tensors"/>), each row-major.
/// </summary>
public sealed class Network
{
    /// <summary>A network that takes numbers.</summary>
    /// <param name="input">[features], or [height, width, channels] for images.</param>
    /// <param name="layers">The layers, first to last; at least one with weights.</param>
    /// <exception cref="ConfigurationException">
    /// Layers that do not fit each other, or no weights; the message names the layer and both shapes.
    /// </exception>
    public Network(IReadOnlyList<int> input, params IReadOnlyList<Layer> layers) : this(NetworkInput.Numbers(input), layers) { }

    /// <summary>A network of an input, layers and a loss.</summary>
    /// <param name="input">What it takes.</param>
    /// <param name="layers">The layers, first to last; at least one with weights.</param>
    /// <param name="loss">The loss of one example.</param>
    /// <exception cref="ConfigurationException">Layers that do not fit each other, or no weights.</exception>
    public Network(NetworkInput input, IReadOnlyList<Layer> layers, Loss loss = Loss.SoftmaxCrossEntropy)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var builder = new ProgramBuilder(input);
        Layers = [.. layers];
        Loss = loss;
        Program = builder.Build(builder.Lower(Layers, builder.Input));
        if (Tensors.Count == 0)
            throw new ConfigurationException(
                "The network has no weights to train; give it at least one layer that has some, such as Dense.");
    }

    /// <summary>What it takes.</summary>
    public NetworkInput Input => Program.Input;

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The loss of one example; over a sequence, its mean over the positions.</summary>
    public Loss Loss { get; init; }

    /// <summary>The operations that the layers lower to.</summary>
    internal NetworkProgram Program { get; }

    /// <summary>The parameter tensors, in the order in which they lie in the weight vector.</summary>
    public IReadOnlyList<ParameterTensor> Tensors => Program.Parameters;

    /// <summary>Numbers (or tokens) per input.</summary>
    public int InputSize => Input.Shape.Count;

    /// <summary>The shape of an output: [outputs], or [length, outputs] for a sequence.</summary>
    public Shape OutputShape => Program.Output.Shape;

    /// <summary>Outputs at each position: the classes, in classification.</summary>
    public int OutputSize => OutputShape.Last;

    /// <summary>How many weights there are in all.</summary>
    public int ParameterCount => Tensors[^1].Offset + Tensors[^1].Count;

    /// <summary>How many layers have weights.</summary>
    public int Depth => Tensors[^1].Layer + 1;

    /// <summary>The layers in figures, first to last.</summary>
    public IReadOnlyList<LayerSummary> Summary
    {
        get
        {
            var builder = new ProgramBuilder(Input);
            var value = builder.Input;
            var summary = new List<LayerSummary>();
            for (int i = 0, before = 0; i < Layers.Count; i++, before = builder.ParameterCount)
            {
                value = builder.Lower([Layers[i]], value);
                summary.Add(new(Layers[i], value.Shape, builder.ParameterCount - before));
            }
            return summary;
        }
    }

    /// <summary>A multi-layer perceptron: dense layers, all but the last with an activation.</summary>
    /// <param name="sizes">Sizes, input first; at least an input and an output. [784, 50, 10] has one hidden layer.</param>
    /// <param name="activation">φ of the hidden layers.</param>
    /// <param name="loss">The loss of one example.</param>
    /// <exception cref="ConfigurationException">Fewer than two sizes, a size below 1, or more weights than an array can hold.</exception>
    public static Network Mlp(IReadOnlyList<int> sizes, Activation activation = Activation.Tanh, Loss loss = Loss.SoftmaxCrossEntropy)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count < 2)
            throw new ConfigurationException(
                $"A network needs at least an input and an output size, such as 784-50-10; {sizes.Count} given.");
        for (int i = 0; i < sizes.Count; i++)
            if (sizes[i] < 1)
                throw new ConfigurationException(
                    $"Layer {i} of {string.Join('-', sizes)} has size {sizes[i]}; every layer needs at least 1 unit.");
        var layers = sizes.Skip(1).Select((size, i) => new Dense(size, i == sizes.Count - 2 ? Activation.Identity : activation));
        return new(NetworkInput.Numbers(sizes[0]), [.. layers], loss);
    }

    /// <summary>A network that takes sequences of tokens; its first layer is an <see cref="Embedding"/>.</summary>
    /// <param name="vocabulary">How many different tokens there are.</param>
    /// <param name="length">Tokens in a sequence.</param>
    /// <param name="layers">The layers.</param>
    /// <exception cref="ConfigurationException">Layers that do not fit each other.</exception>
    public static Network OfTokens(int vocabulary, int length, params IReadOnlyList<Layer> layers) =>
        new(NetworkInput.Tokens(vocabulary, length), layers);

    /// <summary>
    /// The sizes joined by hyphens for a multi-layer perceptron, 784-50-10; otherwise the input and the layers in the command's grammar.
    /// </summary>
    public override string ToString() => !Input.IsTokens && Input.Shape.Rank == 1 && Layers.All(layer => layer is Dense)
        ? string.Join('-', Layers.Cast<Dense>().Select(layer => layer.Units).Prepend(InputSize))
        : $"{Input}: {NetworkText.Of(Layers)}";

    /// <summary>Whether two networks have the same input and layers.</summary>
    internal bool HasLayersOf(Network other) => ReferenceEquals(this, other)
        || Input == other.Input && NetworkText.Of(Layers) == NetworkText.Of(other.Layers);
}
