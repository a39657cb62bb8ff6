using Hypergrad.Networks;

namespace Hypergrad.Experiments.Papers;

/// <summary>An image [rows, columns, channels] as a sequence [rows, columns · channels].</summary>
internal sealed record TaskRows : Layer
{
    /// <inheritdoc/>
    public override string Kind => "rows";

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) { }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program) =>
        input with { Shape = new(input.Shape[0], input.Shape.Count / input.Shape[0]) };
}
