using StbImageWriteSharp;

namespace Hypergrad.Tests.Data;

/// <summary>Makes picture files.</summary>
internal static class Pictures
{
    /// <summary>A picture of one grey, or of one colour.</summary>
    public static byte[] Png(int width, int height, params byte[] pixel) =>
        Write(width, height, pixel, (writer, data, form, stream) => writer.WritePng(data, width, height, form, stream));

    /// <inheritdoc cref="Png"/>
    public static byte[] Jpeg(int width, int height, params byte[] pixel) =>
        Write(width, height, pixel, (writer, data, form, stream) => writer.WriteJpg(data, width, height, form, stream, 90));

    /// <summary>A grey picture of these pixels.</summary>
    public static byte[] Grey(int width, params byte[] pixels)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(pixels, width, pixels.Length / width, ColorComponents.Grey, stream);
        return stream.ToArray();
    }

    /// <summary>A folder of two classes, cats and dogs, of three pictures each.</summary>
    public static void WriteFolder(TemporaryFolder folder, int width = 4, int height = 4)
    {
        foreach (var (name, grey) in new[] { ("cats", (byte)200), ("dogs", (byte)50) })
            for (int i = 0; i < 3; i++)
            {
                Directory.CreateDirectory(folder.File(name));
                folder.Write($"{name}/{i}.{(i == 0 ? "jpg" : "png")}",
                    i == 0 ? Jpeg(width, height, grey) : Png(width, height, (byte)(grey + i)));
            }
    }

    private static byte[] Write(int width, int height, byte[] pixel, Action<ImageWriter, byte[], ColorComponents, Stream> write)
    {
        byte[] data = [.. Enumerable.Range(0, width * height).SelectMany(_ => pixel)];
        using var stream = new MemoryStream();
        write(new ImageWriter(), data, pixel.Length == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }
}
