using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>Normalises the last axis, then scales and shifts each of its numbers (Ba, Kiros, Hinton 2016).</summary>
public sealed record LayerNorm : Layer
{
    /// <inheritdoc/>
    public override string Kind => "layerNorm";

    internal static Layer Read(LayerFields fields) => new LayerNorm();

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) { }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        var (scale, shift) = Parameters(input, program);
        return program.Emit(new Normalize(input, scale, shift, Positions: 1, Groups: 1));
    }

    internal static (ParameterTensor Scale, ParameterTensor Shift) Parameters(Value input, ProgramBuilder program)
    {
        int layer = program.BeginParameters(), channels = input.Shape.Last;
        var scale = program.AddParameter($"scale{layer}", ParameterRole.Scale, 1, channels);
        return (scale, program.AddParameter($"shift{layer}", ParameterRole.Shift, 1, channels, scale));
    }
}
