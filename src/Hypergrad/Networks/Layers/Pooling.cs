using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>One number for each window of an image, channel by channel.</summary>
public abstract record Pooling : Layer
{
    private protected Pooling((int Height, int Width) size) => (Size, Stride) = (size, size);

    /// <summary>Rows and columns of a window.</summary>
    public (int Height, int Width) Size { get; init; }

    /// <summary>Rows and columns from one window to the next.</summary>
    public (int Height, int Width) Stride { get; init; }

    /// <summary>Whether the number is the window's largest, and not its mean.</summary>
    private protected abstract bool IsMaximum { get; }

    /// <inheritdoc/>
    public sealed override void Write(LayerWriter fields)
    {
        fields.Pair("size", Size);
        fields.Pair("stride", Stride, Size);
    }

    /// <inheritdoc/>
    public sealed override Value Lower(Value input, ProgramBuilder program) =>
        program.Emit(new Pool(input, Windows.On(input, Size, Stride, (0, 0), program), IsMaximum));

    /// <summary>A pooling with the size and the stride that were given.</summary>
    private protected static Layer Read(LayerFields fields, Func<(int Height, int Width), Pooling> make)
    {
        var pooling = make(fields.Pair("size"));
        return pooling with { Stride = fields.Pair("stride", pooling.Size) };
    }
}
