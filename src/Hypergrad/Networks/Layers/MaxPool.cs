using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>The largest number of each window of an image, channel by channel.</summary>
public sealed record MaxPool : Layer
{
    /// <summary>A pooling of square windows side by side.</summary>
    /// <param name="size">Rows and columns of a window, at least 1.</param>
    public MaxPool(int size) => (Size, Stride) = ((size, size), (size, size));

    /// <summary>Rows and columns of a window.</summary>
    public (int Height, int Width) Size { get; init; }

    /// <summary>Rows and columns from one window to the next.</summary>
    public (int Height, int Width) Stride { get; init; }

    /// <inheritdoc/>
    public override string Kind => "maxPool";

    internal static Layer Read(LayerFields fields)
    {
        var size = fields.Pair("size");
        return new MaxPool(1) { Size = size, Stride = fields.Pair("stride", size) };
    }

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Pair("size", Size);
        fields.Pair("stride", Stride, Size);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program) =>
        program.Emit(new Pool(input, Windows.On(input, Size, Stride, (0, 0), program), IsMaximum: true));
}
