using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>
/// φ(a ∗ W + b) over the windows of an image [height, width, channels], W being [height × width × channels × output channels].
/// </summary>
public sealed record Convolution : Layer
{
    /// <summary>A convolution of square windows.</summary>
    /// <param name="channels">Output channels, at least 1.</param>
    /// <param name="kernel">Rows and columns of a window, at least 1.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="activation">φ.</param>
    public Convolution(int channels, int kernel, int padding = 0, Activation activation = Activation.Identity)
    {
        (Channels, Kernel, Padding, Activation) = (channels, (kernel, kernel), (padding, padding), activation);
    }

    /// <summary>Output channels.</summary>
    public int Channels { get; init; }

    /// <summary>Rows and columns of a window.</summary>
    public (int Height, int Width) Kernel { get; init; }

    /// <summary>Rows and columns from one window to the next.</summary>
    public (int Height, int Width) Stride { get; init; } = (1, 1);

    /// <summary>Rows of zeros above and below the image, and columns left and right of it.</summary>
    public (int Height, int Width) Padding { get; init; }

    /// <summary>φ.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc/>
    public override string Kind => "convolution";

    internal static Layer Read(LayerFields fields) => new Convolution(fields.Integer("channels"), 1)
    {
        Kernel = fields.Pair("kernel"),
        Stride = fields.Pair("stride", (1, 1)),
        Padding = fields.Pair("padding", (0, 0), least: 0),
        Activation = fields.Activation(),
    };

    /// <inheritdoc/>
    public override void Write(LayerWriter fields)
    {
        fields.Integer("channels", Channels);
        fields.Pair("kernel", Kernel);
        fields.Pair("stride", Stride, (1, 1));
        fields.Pair("padding", Padding, (0, 0));
        fields.Activation(Activation);
    }

    /// <inheritdoc/>
    public override Value Lower(Value input, ProgramBuilder program)
    {
        if (Channels < 1)
            throw program.Refuse($"{Channels} channels; it needs at least 1");
        var patches = Windows.On(input, Kernel, Stride, Padding, program);
        var (weight, bias) = program.AddAffineParameters($"{program.BeginParameters()}", patches.Size, Channels, Kernel);
        return program.Emit(new Affine(input, weight, bias, Activation, patches));
    }
}
