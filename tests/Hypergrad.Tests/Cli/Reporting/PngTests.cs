using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hypergrad.Cli.Reporting.Markup;
using Hypergrad.Data;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class PngTests
{
    [Test]
    public void Crc32_OfTheCheckDigits_IsTheKnownAnswer() => Assert.That(Crc32.Compute("123456789"u8), Is.EqualTo(0xCBF43926u));

    [TestCase(1, 1)]
    [TestCase(28, 28)]
    [TestCase(256, 1)]
    [TestCase(3, 70)]
    public void Encode_ThenDecoded_GivesThePixels(int width, int height)
    {
        var philox = new Philox(5);
        byte[] pixels = [.. Enumerable.Range(0, width * height * 4).Select(i => (byte)philox.Word((ulong)i))];
        Assert.That(Decode(Png.Encode(width, height, pixels)), Is.EqualTo((width, height, pixels)));
    }

    [Test]
    public void Encode_WithAMissingPixel_IsRefused() => Assert.That(() => Png.Encode(2, 2, new byte[15]),
        Throws.ArgumentException.With.Message.StartsWith("An image of 2 × 2 pixels has 16 bytes, not 15."));

    /// <summary>Reads what the encoder may write, checking every length and check sum on the way.</summary>
    private static (int Width, int Height, byte[] Pixels) Decode(byte[] file)
    {
        Assert.That(file[..8], Is.EqualTo(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }));
        int width = 0, height = 0;
        var compressed = new MemoryStream();
        var types = new List<string>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            types.Add(Encoding.ASCII.GetString(file, at + 4, 4));
            var data = file.AsSpan(at + 8, length);
            uint written = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.That(written, Is.EqualTo(BitwiseCrc(file.AsSpan(at + 4, 4 + length))));
            if (types[^1] == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                Assert.That(data[8..].ToArray(), Is.EqualTo(new byte[] { 8, 6, 0, 0, 0 }));
            }
            if (types[^1] == "IDAT") compressed.Write(data);
            at += 12 + length;
        }
        Assert.That(types, Is.EqualTo(new[] { "IHDR", "IDAT", "IEND" }));
        compressed.Position = 0;
        var rows = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionMode.Decompress)) zlib.CopyTo(rows);
        byte[][] filtered = [.. rows.ToArray().Chunk(1 + width * 4)];
        Assert.That(filtered.Select(row => row[0]), Is.All.Zero);
        return (width, height, [.. filtered.SelectMany(row => row[1..])]);
    }

    /// <summary>The check sum by its definition, one bit at a time.</summary>
    private static uint BitwiseCrc(ReadOnlySpan<byte> bytes)
    {
        uint remainder = uint.MaxValue;
        foreach (byte b in bytes)
            for (int bit = 0; bit < 8; bit++)
                remainder = ((remainder ^ (uint)(b >> bit)) & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
        return ~remainder;
    }
}
