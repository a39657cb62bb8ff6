using System.Buffers.Binary;
using System.IO.Compression;

namespace Hypergrad.Cli.Reporting.Markup;

/// <summary>Encodes images as PNG (ISO/IEC 15948), eight bits each of red, green, blue and opacity.</summary>
internal static class Png
{
    private const int BytesPerPixel = 4;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The bytes of a PNG file.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Number of rows.</param>
    /// <param name="pixels">width × height × 4 bytes, row by row from the top left.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels)
    {
        int bytes = width * height * BytesPerPixel;
        if (pixels.Length != bytes)
            throw new ArgumentException($"An image of {width} × {height} pixels has {bytes} bytes, not {pixels.Length}.", nameof(pixels));
        var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, Header(width, height));
        WriteChunk(file, "IDAT"u8, Compress(width * BytesPerPixel, pixels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The image as an address that carries its own bytes.</summary>
    public static string DataUri(int width, int height, ReadOnlySpan<byte> pixels) =>
        "data:image/png;base64," + Convert.ToBase64String(Encode(width, height, pixels));

    private static byte[] Header(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits per channel
        header[9] = 6; // colour with opacity
        return header;
    }

    private static byte[] Compress(int rowBytes, ReadOnlySpan<byte> pixels)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int start = 0; start < pixels.Length; start += rowBytes)
            {
                zlib.WriteByte(0); // the row is not filtered
                zlib.Write(pixels.Slice(start, rowBytes));
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }
}
