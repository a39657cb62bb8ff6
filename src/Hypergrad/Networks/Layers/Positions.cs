using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>Adds a learned vector to each position of a sequence [length, width].</summary>
public sealed record Positions : Layer
{
    /// <inheritdoc/>
    public override string Kind => "positions";

    internal static Layer Read(LayerFields fields) => new Positions();

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) { }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (input.Shape.Rank != 2)
            throw program.Refuse($"it takes a sequence [length, width], and its input has the shape {input.Shape}");
        var table = program.AddParameter(
            $"P{program.BeginParameters()}", ParameterRole.Embedding, input.Shape[0], input.Shape[1]);
        return program.Emit(new AddParameter(input, table));
    }
}
