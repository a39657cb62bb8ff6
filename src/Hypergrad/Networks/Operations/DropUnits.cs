namespace Hypergrad.Networks.Operations;

/// <summary>
/// out = mask ∘ a / (1 − rate) in training, a in evaluation. The mask of a step is computed from its number (<see cref="DropoutMask"/>), so
/// that it is the same on the way back.
/// </summary>
/// <param name="Input">a.</param>
/// <param name="Rate">The part of the numbers that becomes 0, at least 0 and below 1.</param>
/// <param name="Ordinal">Which dropout of the program it is, from 0.</param>
public sealed record DropUnits(Value Input, double Rate, int Ordinal) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override Shape OutputShape => Input.Shape;
}
