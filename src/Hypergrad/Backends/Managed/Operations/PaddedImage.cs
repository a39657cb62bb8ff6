using System.Numerics;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>An image with zeros around it: where it lies if it needs none.</summary>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="channels">Numbers of a pixel.</param>
/// <param name="above">Rows of zeros above and below it.</param>
/// <param name="beside">Columns of zeros left and right of it.</param>
internal sealed unsafe class PaddedImage<T>(int height, int width, int channels, int above, int beside)
    where T : unmanaged, INumberBase<T>
{
    private readonly int line = width * channels, margin = beside * channels;

    /// <summary>Numbers from one row to the next.</summary>
    public int Row { get; } = (width + 2 * beside) * channels;

    /// <summary>Numbers of room that <see cref="From"/> needs.</summary>
    public long Size => above + beside == 0 ? 0 : (long)(height + 2 * above) * Row;

    /// <summary>The padded image.</summary>
    /// <param name="image">[height × width × channels].</param>
    /// <param name="room">Room for <see cref="Size"/> numbers.</param>
    public T* From(T* image, T* room)
    {
        if (Size == 0)
            return image;
        // The zeros between two rows lie side by side: those on the right of one, and on the left of the next.
        int gap = above * Row + margin;
        new Span<T>(room, gap).Clear();
        T* target = room + gap;
        for (int y = 0; y < height; y++, image += line, target += Row)
        {
            new Span<T>(image, line).CopyTo(new(target, line));
            new Span<T>(target + line, y < height - 1 ? 2 * margin : gap).Clear();
        }
        return room;
    }
}
