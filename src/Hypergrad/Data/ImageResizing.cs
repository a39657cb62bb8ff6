namespace Hypergrad.Data;

/// <summary>
/// Resizes pictures, along each axis by itself: where it becomes smaller, an output pixel is the mean of the area that it covers; where
/// it becomes larger, it is interpolated between the two nearest pixels (bilinear, pixel centres at ½).
/// </summary>
internal sealed class ImageResizing
{
    private readonly int height, width, channels, newHeight, newWidth;
    private readonly (int Start, float[] Weights)[] rows, columns;
    private readonly float[] between;

    public ImageResizing(int height, int width, int newHeight, int newWidth, int channels)
    {
        (this.height, this.width, this.newHeight, this.newWidth, this.channels) = (height, width, newHeight, newWidth, channels);
        (rows, columns) = (Weights(height, newHeight), Weights(width, newWidth));
        between = new float[height * newWidth * channels];
    }

    /// <summary>Whether it is of pictures of this size.</summary>
    public bool IsOf(int pictureHeight, int pictureWidth) => (pictureHeight, pictureWidth) == (height, width);

    /// <summary>Resizes a picture of bytes to numbers from 0 to 1.</summary>
    /// <param name="picture">[height × width × channels].</param>
    /// <param name="destination">[new height × new width × channels].</param>
    public void Apply(ReadOnlySpan<byte> picture, Span<float> destination)
    {
        for (int row = 0; row < height; row++)
            for (int column = 0; column < newWidth; column++)
                for (int channel = 0; channel < channels; channel++)
                {
                    var (start, weights) = columns[column];
                    float sum = 0;
                    for (int i = 0; i < weights.Length; i++)
                        sum += weights[i] * picture[(row * width + start + i) * channels + channel];
                    between[(row * newWidth + column) * channels + channel] = sum / 255;
                }
        int line = newWidth * channels;
        for (int row = 0; row < newHeight; row++)
            for (int place = 0; place < line; place++)
            {
                var (start, weights) = rows[row];
                float sum = 0;
                for (int i = 0; i < weights.Length; i++)
                    sum += weights[i] * between[(start + i) * line + place];
                destination[row * line + place] = sum;
            }
    }

    private static (int Start, float[] Weights)[] Weights(int size, int newSize)
    {
        double ratio = (double)size / newSize;
        return [.. Enumerable.Range(0, newSize).Select(pixel => ratio > 1 ? Area(pixel * ratio, (pixel + 1) * ratio, size)
            : Between((pixel + 0.5) * ratio - 0.5, size))];
    }

    private static (int Start, float[] Weights) Area(double from, double to, int size)
    {
        int start = (int)from, end = Math.Min(size, (int)Math.Ceiling(to));
        return (start, [.. Enumerable.Range(start, end - start).Select(pixel =>
            (float)((Math.Min(to, pixel + 1) - Math.Max(from, pixel)) / (to - from)))]);
    }

    private static (int Start, float[] Weights) Between(double centre, int size)
    {
        if (size == 1)
            return (0, [1]);
        centre = Math.Clamp(centre, 0, size - 1);
        int start = Math.Min((int)centre, size - 2);
        return (start, [(float)(1 - (centre - start)), (float)(centre - start)]);
    }
}
