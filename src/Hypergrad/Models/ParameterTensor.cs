namespace Hypergrad.Models;

/// <summary>One weight matrix or bias vector and where it lies among all weights.</summary>
/// <param name="Name">"W1", "b1", "W2", …: the layer counted from 1.</param>
/// <param name="Layer">The layer it belongs to, counted from 0.</param>
/// <param name="Offset">Where it starts among all weights.</param>
/// <param name="Rows">Inputs of the layer for a matrix, 1 for a bias.</param>
/// <param name="Columns">Outputs of the layer.</param>
public sealed record ParameterTensor(string Name, int Layer, int Offset, int Rows, int Columns)
{
    /// <summary>How many weights it has.</summary>
    public int Count => Rows * Columns;

    /// <summary>Whether it is a bias vector.</summary>
    public bool IsBias => Name[0] == 'b';
}
