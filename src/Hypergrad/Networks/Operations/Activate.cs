namespace Hypergrad.Networks.Operations;

/// <summary>out = φ(a), number by number.</summary>
/// <param name="Input">a.</param>
/// <param name="Activation">φ.</param>
public sealed record Activate(Value Input, Activation Activation) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override Shape OutputShape => Input.Shape;
}
