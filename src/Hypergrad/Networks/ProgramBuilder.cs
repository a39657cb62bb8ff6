using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>Takes down the operations and parameters to which the layers of a network lower themselves.</summary>
public sealed class ProgramBuilder
{
    private readonly List<Operation> operations = [];
    private readonly List<ParameterTensor> parameters = [];
    private readonly Stack<(string Number, Layer Layer)> path = new();
    private readonly HashSet<int> read = [];
    private int values = 1;
    private int parameterLayers;
    private int dropouts;
    private long weights;

    /// <summary>Begins a program.</summary>
    /// <param name="input">What the network takes.</param>
    public ProgramBuilder(NetworkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        NetworkInput = input;
        Input = new(0, input.Shape);
    }

    /// <summary>What the network takes.</summary>
    public NetworkInput NetworkInput { get; }

    /// <summary>The value that holds it.</summary>
    public Value Input { get; }

    /// <summary>Lowers layers one after the other.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="input">What the first one reads.</param>
    /// <returns>What the last one wrote.</returns>
    public Value Lower(IReadOnlyList<Layer> layers, Value input)
    {
        ArgumentNullException.ThrowIfNull(layers);
        for (int i = 0; i < layers.Count; i++)
        {
            path.Push(($"{(path.TryPeek(out var outer) ? outer.Number + "." : "")}{i + 1}", layers[i]));
            input = layers[i].Lower(input, this);
            path.Pop();
        }
        return input;
    }

    /// <summary>Adds an operation.</summary>
    /// <returns>The value that it writes.</returns>
    public Value Emit(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (NetworkInput.IsTokens && operation is not Embed && operation.Inputs.Any(input => input.Index == Input.Index))
            throw Refuse($"it takes numbers, and the input is {NetworkInput}; begin the network with an embedding");
        if (operation.Parameters.FirstOrDefault(parameter => !read.Add(parameter.Index)) is { } again)
            throw Refuse($"{again.Name} is read by an operation before it; a parameter belongs to one operation");
        var output = new Value(values++, operation.OutputShape);
        operations.Add(operation with { Output = output });
        return output;
    }

    /// <summary>Begins the parameters of a layer: those added from now on belong to it.</summary>
    /// <returns>The layer's number among those with weights, counted from 1, for the names of its tensors.</returns>
    public int BeginParameters() => ++parameterLayers;

    /// <summary>Adds a parameter tensor to the layer begun.</summary>
    /// <param name="name">"W1".</param>
    /// <param name="role">What it does.</param>
    /// <param name="rows">Inputs of each unit.</param>
    /// <param name="columns">Units.</param>
    /// <param name="leader">The tensor whose units these weights belong to, or null for units of its own.</param>
    /// <param name="kernel">The kernel's height and width for a convolution.</param>
    public ParameterTensor AddParameter(
        string name, ParameterRole role, int rows, int columns, ParameterTensor? leader = null, (int, int)? kernel = null)
    {
        long count = (long)rows * columns;
        if (weights + count > Array.MaxLength / 2)
            throw Refuse($"with its weights the network has more than {Array.MaxLength / 2}; make its layers smaller");
        var tensor = new ParameterTensor(
            name, role, parameterLayers - 1, parameters.Count, (int)weights, rows, columns, leader?.Index ?? parameters.Count)
        {
            Kernel = kernel,
        };
        weights += count;
        parameters.Add(tensor);
        return tensor;
    }

    /// <summary>The matrix and the bias of an affine map, W and b, added to the layer begun.</summary>
    /// <param name="suffix">Follows W and b in their names: "1", "q3".</param>
    /// <param name="rows">Inputs of each unit.</param>
    /// <param name="columns">Units.</param>
    /// <param name="kernel">The kernel's height and width for a convolution.</param>
    public (ParameterTensor Weight, ParameterTensor Bias) AddAffineParameters(
        string suffix, int rows, int columns, (int, int)? kernel = null)
    {
        var weight = AddParameter($"W{suffix}", ParameterRole.Weight, rows, columns, kernel: kernel);
        return (weight, AddParameter($"b{suffix}", ParameterRole.Bias, 1, columns, weight));
    }

    /// <summary>How many weights there are so far.</summary>
    internal int ParameterCount => (int)weights;

    /// <summary>A number for a dropout of its own.</summary>
    internal int NextDropout() => dropouts++;

    /// <summary>An error that names the layer being lowered.</summary>
    public ConfigurationException Refuse(string complaint) => new($"Layer {path.Peek().Number} ({path.Peek().Layer.Kind}): {complaint}.");

    internal NetworkProgram Build(Value output) => new(NetworkInput, operations, parameters, output, values);
}
