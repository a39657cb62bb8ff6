namespace Hypergrad.Networks.Operations;

/// <summary>out = a + p, the same p for every example.</summary>
/// <param name="Input">a.</param>
/// <param name="Parameter">p, as many weights as one example of a has numbers.</param>
public sealed record AddParameter(Value Input, ParameterTensor Parameter) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> Parameters => [Parameter];

    /// <inheritdoc/>
    public override Shape OutputShape => Input.Shape;
}
