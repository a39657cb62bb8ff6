using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>The mean of each channel of an image, or of each feature over the positions of a sequence: [channels].</summary>
public sealed record GlobalAveragePool : Layer
{
    /// <inheritdoc/>
    public override string Kind => "globalAveragePool";

    internal static Layer Read(LayerFields fields) => new GlobalAveragePool();

    /// <inheritdoc/>
    public override void Write(LayerWriter fields) { }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        var shape = input.Shape;
        if (shape.Rank < 2)
            throw program.Refuse($"it takes an image or a sequence, and its input has the shape {shape}");
        var all = new Patches(shape.Positions, 1, shape.Last, shape.Positions, 1, 1, 1, 0, 0);
        var pooled = program.Emit(new Pool(input, all, IsMaximum: false));
        return pooled with { Shape = new(shape.Last) };
    }
}
