namespace Hypergrad.Networks;

/// <summary>One tensor of weights and where it lies among all weights, as a matrix whose columns are the units of its layer.</summary>
/// <param name="Name">"W1", "b1", "scale2", "Wq3", …: the layer counted from 1 among those that have weights.</param>
/// <param name="Role">What it does.</param>
/// <param name="Layer">The layer it belongs to, counted from 0 among those that have weights.</param>
/// <param name="Index">Its place among the tensors of the network.</param>
/// <param name="Offset">Where it starts among all weights.</param>
/// <param name="Rows">
/// Inputs of each unit: the inputs of a dense layer, height · width · channels of a kernel, the tokens of an embedding; 1 for a bias.
/// </param>
/// <param name="Columns">Units: outputs of a dense layer, channels of a convolution, the width of an embedding.</param>
/// <param name="Leader">The tensor whose units these weights belong to: that of the matrix for its bias; its own index otherwise.</param>
public sealed record ParameterTensor(
    string Name, ParameterRole Role, int Layer, int Index, int Offset, int Rows, int Columns, int Leader)
{
    /// <summary>How many weights it has.</summary>
    public int Count => Rows * Columns;

    /// <summary>Whether its units are those of a tensor before it.</summary>
    public bool JoinsLeader => Leader != Index;

    /// <summary>The kernel's height and width for a convolution, whose rows are [height × width × channels]; else null.</summary>
    public (int Height, int Width)? Kernel { get; init; }
}
