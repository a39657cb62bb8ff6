namespace Hypergrad.Networks.Operations;

/// <summary>out = a + b, two values of one shape.</summary>
/// <param name="Left">a.</param>
/// <param name="Right">b; may be the same value as a.</param>
public sealed record Add(Value Left, Value Right) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override Shape OutputShape => Left.Shape;
}
