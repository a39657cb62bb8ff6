using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>Normalises each group of channels over all positions, then scales and shifts each channel (Wu, He 2018).</summary>
/// <param name="Groups">Groups of channels, which must divide them; 1 normalises all together, as many as channels each by itself.</param>
public sealed record GroupNorm(int Groups) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "groupNorm";

    internal static Layer Read(LayerFields fields) => new GroupNorm(fields.Integer("groups"));

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) => fields.Integer("groups", Groups);

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (Groups < 1 || input.Shape.Last % Groups != 0)
            throw program.Refuse($"{Groups} groups do not divide the {input.Shape.Last} channels of its input {input.Shape}");
        var (scale, shift) = LayerNorm.Parameters(input, program);
        return program.Emit(new Normalize(input, scale, shift, input.Shape.Positions, Groups));
    }
}
