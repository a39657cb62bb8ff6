namespace Hypergrad.Networks.Operations;

/// <summary>
/// out = φ(aW + b), row by row: the rows are the positions of every example, or, with <see cref="Patches"/>, the windows on its image, and
/// that is convolution.
/// </summary>
/// <param name="Input">a, [batch, …, inputs], or [batch, height, width, channels].</param>
/// <param name="Weight">W, [inputs × outputs], or [kernel height · kernel width · channels × outputs].</param>
/// <param name="Bias">b, [outputs].</param>
/// <param name="Activation">φ.</param>
/// <param name="Patches">The windows that the rows are gathered from, or null.</param>
public sealed record Affine(Value Input, ParameterTensor Weight, ParameterTensor Bias, Activation Activation, Patches? Patches) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> Parameters => [Weight, Bias];

    /// <inheritdoc/>
    public override Shape OutputShape => Patches is { } patches
        ? new(patches.OutputHeight, patches.OutputWidth, Weight.Columns)
        : Input.Shape.WithLast(Weight.Columns);

    internal override double Multiplications => (double)OutputShape.Count * Weight.Rows;
}
