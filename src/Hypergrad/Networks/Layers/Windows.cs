using Hypergrad.Networks.Operations;

namespace Hypergrad.Networks;

/// <summary>Lays windows on an image, for the layers that have them.</summary>
internal static class Windows
{
    /// <summary>The windows of a size, stride and padding on a value.</summary>
    /// <exception cref="ConfigurationException">The value is no image, or a window does not fit on it.</exception>
    public static Patches On(
        Value input, (int Height, int Width) size, (int Height, int Width) stride, (int Height, int Width) padding, ProgramBuilder program)
    {
        var shape = input.Shape;
        if (shape.Rank != 3)
            throw program.Refuse($"it takes an image [height, width, channels], and its input has the shape {shape}; "
                + "give the network an input shape such as [28, 28, 1], or put this layer before those that flatten it");
        if (size.Height < 1 || size.Width < 1 || stride.Height < 1 || stride.Width < 1 || padding.Height < 0 || padding.Width < 0)
            throw program.Refuse($"windows of {size.Height}×{size.Width} with stride {stride.Height}×{stride.Width} and padding "
                + $"{padding.Height}×{padding.Width}; sizes and strides are at least 1, paddings at least 0");
        int height = shape[0] + 2 * padding.Height, width = shape[1] + 2 * padding.Width;
        if (size.Height > height || size.Width > width)
            throw program.Refuse($"its windows of {size.Height}×{size.Width} are larger than its input of {shape}, which is "
                + $"{height}×{width} with its padding; nothing would be left. Make them smaller, or the image larger");
        return new(shape[0], shape[1], shape[2], size.Height, size.Width, stride.Height, stride.Width, padding.Height, padding.Width);
    }
}
