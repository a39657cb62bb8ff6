using System.Buffers.Binary;
using System.IO.Compression;
using Hypergrad.Files;

namespace Hypergrad.Data;

/// <summary>
/// The content of a data file, unpacked when it is a gzip file, which its first two bytes tell and not its name. No more is read, and no
/// more room is made, than is asked for.
/// </summary>
internal sealed class DataFile : IDisposable
{
    private const int GzipTrailer = 8;

    // Deflate packs 258 bytes into two bits at best.
    private const long MostUnpacked = 1032;

    private readonly InputFile file;
    private readonly TailStream packed;
    private readonly Stream content;

    private DataFile(InputFile file, ReadOnlyMemory<byte> first)
    {
        this.file = file;
        packed = new TailStream(file.Stream, first);
        IsCompressed = first.Span is [0x1F, 0x8B];
        content = IsCompressed ? new GZipStream(packed, CompressionMode.Decompress) : packed;
        PlainLength = IsCompressed ? null : file.Length;
    }

    /// <summary>The file's path, fit for messages.</summary>
    public string Path => file.Path;

    /// <summary>Whether the file is a gzip file.</summary>
    public bool IsCompressed { get; }

    /// <summary>How many bytes there are, where that is known beforehand: in a regular file that is not packed.</summary>
    public long? PlainLength { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">The file is missing, is a folder or a device, cannot be read, or is empty.</exception>
    public static DataFile Open(string path)
    {
        var file = InputFile.Open(path);
        try
        {
            var first = new byte[2];
            int count = Fill(file.Stream, first, file.Path);
            return count > 0 ? new DataFile(file, first.AsMemory(0, count)) : throw new DataException($"{file.Path}: the file is empty.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next bytes, as many as there are and are asked for.</summary>
    /// <exception cref="DataException">The file cannot be read, or is not the gzip file it begins as.</exception>
    public int Read(Span<byte> buffer) => Fill(content, buffer, Path);

    /// <summary>Reads on to a length that the file's header promises, and one byte more if there is one.</summary>
    /// <param name="length">The length in all; it fits an array.</param>
    /// <param name="first">What was read already.</param>
    /// <exception cref="DataException">The file cannot be read, or is not the gzip file it begins as.</exception>
    public Memory<byte> ReadUpTo(long length, ReadOnlyMemory<byte> first) =>
        InputFile.ReadAll(new TailStream(content, first), length, Path);

    /// <summary>All that is left, as a stream that ends with an error where there is more than the file, or the end of the gzip file,
    /// says, or less.</summary>
    /// <param name="look">Shown every piece as it arrives; it may refuse.</param>
    /// <exception cref="DataException">While it is read: as said, or the file is not the gzip file it begins as.</exception>
    public Stream ReadOn(Action<ReadOnlySpan<byte>> look) => new ContentStream(this, PlainLength ?? PromisedLength(), look);

    /// <summary>Refuses a gzip file that ends before its end, or goes on after it: the runtime unpacks either without a word.</summary>
    /// <param name="count">How many bytes came out of it.</param>
    /// <exception cref="DataException">The length written in the file's last bytes is not the length that came out.</exception>
    public void CheckComplete(long count)
    {
        if (!IsCompressed)
            return;
        if (count == 0)
            throw new DataException($"{Path}: nothing came out of the gzip file ({packed.Count} bytes): it is truncated or empty.");
        long promised = packed.Count < GzipTrailer ? uint.MaxValue : packed.LastWord;
        if (promised != (uint)count)
            throw new DataException($"{Path}: {count} bytes came out of the gzip file, but its last bytes promise {promised}: "
                + "it is truncated, or other bytes follow it. Fetch it again, or unpack it with gunzip.");
    }

    public void Dispose()
    {
        content.Dispose();
        file.Dispose();
    }

    private static int Fill(Stream stream, Span<byte> buffer, string path)
    {
        int count = 0;
        for (int read; count < buffer.Length && (read = InputFile.Read(stream, buffer[count..], path)) > 0;)
            count += read;
        return count;
    }

    // The last bytes of a regular file, looked at before any other; null where they promise what no file of this length can hold.
    private long? PromisedLength()
    {
        if (!IsCompressed || file.Length is not { } length || length < GzipTrailer)
            return null;
        var last = new byte[4];
        long position = file.Stream.Position;
        file.Stream.Position = length - last.Length;
        Fill(file.Stream, last, Path);
        file.Stream.Position = position;
        long promised = BinaryPrimitives.ReadUInt32LittleEndian(last);
        return promised <= MostUnpacked * length ? promised : null;
    }

    private sealed class ContentStream(DataFile file, long? most, Action<ReadOnlySpan<byte>> look) : ReadOnlyStream
    {
        private long count;

        public override int Read(Span<byte> buffer)
        {
            int read = Fill(file.content, buffer, file.Path);
            look(buffer[..read]);
            count += read;
            if (count > most)
                throw new DataException(file.IsCompressed
                    ? $"{file.Path}: more bytes come out of the gzip file than its last bytes promise, {most}: it is truncated, or other "
                        + "bytes follow it. Fetch it again, or unpack it with gunzip."
                    : $"{file.Path}: the file has more than {most} bytes: it grew while it was read. Try again.");
            if (read == 0 && buffer.Length > 0)
                file.CheckComplete(count);
            return read;
        }
    }
}
