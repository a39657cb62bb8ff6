namespace Hypergrad.Models;

/// <summary>
/// A multi-layer perceptron: layer l maps a to φ(aW_l + b_l), the last one without φ. Its weights are one long vector, per layer W
/// row-major [inputs × outputs], then b.
/// </summary>
public sealed class Mlp
{
    /// <summary>Describes a network.</summary>
    /// <param name="layers">Sizes, input first; at least an input and an output. [784, 50, 10] has one hidden layer.</param>
    /// <param name="activation">φ of the hidden layers.</param>
    /// <param name="loss">The loss of one example.</param>
    /// <exception cref="ConfigurationException">Fewer than two sizes, a size below 1, or more weights than an array can hold.</exception>
    public Mlp(IReadOnlyList<int> layers, Activation activation = Activation.Tanh, Loss loss = Loss.SoftmaxCrossEntropy)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count < 2)
            throw new ConfigurationException(
                $"A network needs at least an input and an output size, such as 784-50-10; {layers.Count} given.");
        for (int i = 0; i < layers.Count; i++)
            if (layers[i] < 1)
                throw new ConfigurationException(
                    $"Layer {i} of {string.Join('-', layers)} has size {layers[i]}; every layer needs at least 1 unit.");
        Layers = [.. layers];
        Activation = activation;
        Loss = loss;
        Tensors = MakeTensors(Layers);
    }

    /// <summary>The sizes, input first.</summary>
    public IReadOnlyList<int> Layers { get; }

    /// <summary>What the hidden units do to their weighted input.</summary>
    public Activation Activation { get; }

    /// <summary>The loss of one example.</summary>
    public Loss Loss { get; }

    /// <summary>W1, b1, W2, b2, …, in the order in which they lie in the weight vector.</summary>
    public IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>How many layers of weights there are.</summary>
    public int Depth => Layers.Count - 1;

    /// <summary>Numbers per input.</summary>
    public int InputSize => Layers[0];

    /// <summary>Numbers per output.</summary>
    public int OutputSize => Layers[^1];

    /// <summary>How many weights there are in all, biases included.</summary>
    public int ParameterCount => Tensors[^1].Offset + Tensors[^1].Count;

    /// <summary>The weight matrix of a layer, counted from 0.</summary>
    public ParameterTensor Weight(int layer) => Tensors[2 * layer];

    /// <summary>The bias of a layer, counted from 0.</summary>
    public ParameterTensor Bias(int layer) => Tensors[2 * layer + 1];

    /// <summary>The sizes joined by hyphens: 784-50-10.</summary>
    public override string ToString() => string.Join('-', Layers);

    private static ParameterTensor[] MakeTensors(IReadOnlyList<int> layers)
    {
        var tensors = new ParameterTensor[2 * (layers.Count - 1)];
        long offset = 0;
        for (int layer = 0; layer + 1 < layers.Count; layer++)
        {
            int rows = layers[layer], columns = layers[layer + 1];
            tensors[2 * layer] = new($"W{layer + 1}", layer, (int)offset, rows, columns);
            tensors[2 * layer + 1] = new($"b{layer + 1}", layer, (int)(offset + (long)rows * columns), 1, columns);
            offset += (long)rows * columns + columns;
            if (offset > Array.MaxLength / 2)
                throw new ConfigurationException(
                    $"The network {string.Join('-', layers)} has more than {Array.MaxLength / 2} weights; make its layers smaller.");
        }
        return tensors;
    }
}
