namespace Hypergrad.Networks.Operations;

/// <summary>How windows lie on an image: those of a convolution or a pooling.</summary>
/// <param name="InputHeight">Rows of the image.</param>
/// <param name="InputWidth">Columns of the image.</param>
/// <param name="Channels">Numbers of a pixel.</param>
/// <param name="KernelHeight">Rows of a window.</param>
/// <param name="KernelWidth">Columns of a window.</param>
/// <param name="StrideHeight">Rows from one window to the next.</param>
/// <param name="StrideWidth">Columns from one window to the next.</param>
/// <param name="PaddingHeight">Rows of zeros above and below the image.</param>
/// <param name="PaddingWidth">Columns of zeros left and right of the image.</param>
public sealed record Patches(
    int InputHeight, int InputWidth, int Channels, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int PaddingHeight, int PaddingWidth)
{
    /// <summary>Windows one above the other.</summary>
    public int OutputHeight => (InputHeight + 2 * PaddingHeight - KernelHeight) / StrideHeight + 1;

    /// <summary>Windows side by side.</summary>
    public int OutputWidth => (InputWidth + 2 * PaddingWidth - KernelWidth) / StrideWidth + 1;

    /// <summary>Numbers in a window: [kernel height × kernel width × channels].</summary>
    public int Size => KernelHeight * KernelWidth * Channels;
}
