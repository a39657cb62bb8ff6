namespace Hypergrad.Networks.Operations;

/// <summary>
/// out = softmax of every row; with a causal mask, row i of each square matrix looks at its first i + 1 numbers, the rest are 0.
/// </summary>
/// <param name="Input">[batch, heads, rows, columns].</param>
/// <param name="IsCausal">Whether the mask is causal.</param>
public sealed record RowSoftmax(Value Input, bool IsCausal) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override Shape OutputShape => Input.Shape;
}
