using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>A network as backends see it: operations in the order in which they are done, and the parameters that they read.</summary>
internal sealed class NetworkProgram
{
    internal NetworkProgram(
        NetworkInput input, IReadOnlyList<Operation> operations, IReadOnlyList<ParameterTensor> parameters, Value output, int valueCount)
    {
        Input = input;
        Operations = [.. operations];
        Parameters = [.. parameters];
        Output = output;
        ValueCount = valueCount;
    }

    /// <summary>What the network takes; it is value 0.</summary>
    public NetworkInput Input { get; }

    /// <summary>The operations.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The parameters, in the order in which they lie in the weight vector.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>The value that the loss reads, [batch, …, outputs]: one row of outputs per position.</summary>
    public Value Output { get; }

    /// <summary>How many values there are, the input included.</summary>
    public int ValueCount { get; }
}
