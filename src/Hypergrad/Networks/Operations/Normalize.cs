namespace Hypergrad.Networks.Operations;

/// <summary>
/// out = scale ∘ (a − mean) / √(variance + 10⁻⁵) + shift, mean and biased variance over each set. An example is [sets outside × positions ×
/// groups × channels of a group], and a set is all positions and channels of one group: the last axis alone has positions 1 and groups 1
/// (Ba, Kiros, Hinton 2016), an image's groups of channels have its pixels as positions (Wu, He 2018).
/// </summary>
/// <param name="Input">a.</param>
/// <param name="Scale">One number per channel of all groups.</param>
/// <param name="Shift">One number per channel of all groups.</param>
/// <param name="Positions">Positions that share a mean: 1, or the pixels.</param>
/// <param name="Groups">Groups of channels.</param>
public sealed record Normalize(Value Input, ParameterTensor Scale, ParameterTensor Shift, int Positions, int Groups) : Operation
{
    /// <summary>What is added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override IReadOnlyList<Value> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterTensor> Parameters => [Scale, Shift];

    /// <inheritdoc/>
    public override Shape OutputShape => Input.Shape;
}
