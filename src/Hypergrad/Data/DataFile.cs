using System.Buffers.Binary;
using System.IO.Compression;

namespace Hypergrad.Data;

/// <summary>The content of a data file, unpacked when it is a gzip file, which its first two bytes tell and not its name.</summary>
internal sealed class DataFile
{
    private const int GzipTrailer = 8;
    private readonly long? promisedLength;

    private DataFile(string path, byte[] content, int length, long? promisedLength)
    {
        Path = path;
        Content = content.AsMemory(0, length);
        this.promisedLength = promisedLength;
    }

    /// <summary>The file's path, as the caller gave it.</summary>
    public string Path { get; }

    /// <summary>The content, unpacked; at least one byte.</summary>
    public Memory<byte> Content { get; }

    /// <summary>Whether the file was a gzip file.</summary>
    public bool IsCompressed => promisedLength is not null;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="DataException">The file is missing, is a folder, cannot be read, is empty, or is not the gzip file it begins
    /// as.</exception>
    public static DataFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes = ReadBytes(path);
        if (bytes.Length == 0)
            throw new DataException($"{path}: the file is empty.");
        return bytes is [0x1F, 0x8B, ..] ? Unpack(path, bytes) : new DataFile(path, bytes, bytes.Length, null);
    }

    /// <summary>Refuses a gzip file that ends before its end, or goes on after it: the runtime unpacks either without a word.</summary>
    /// <exception cref="DataException">The length written in the file's last bytes is not the length that came out.</exception>
    public void CheckComplete()
    {
        if (promisedLength is { } promised && promised != (uint)Content.Length)
            throw new DataException($"{Path}: {Content.Length} bytes came out of the gzip file, but its last bytes promise {promised}: "
                + "it is truncated, or other bytes follow it. Fetch it again, or unpack it with gunzip.");
    }

    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
            throw new DataException($"{path}: this is a folder; a file is needed.");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path}: there is no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataException($"{path}: the file cannot be read: {error.Message}", error);
        }
    }

    private static DataFile Unpack(string path, byte[] bytes)
    {
        using var unpacked = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
        }
        catch (InvalidDataException error)
        {
            throw new DataException($"{path}: the gzip file is damaged; fetch it again.", error);
        }
        catch (Exception error) when (error is IOException or OutOfMemoryException)
        {
            throw new DataException($"{path}: more than {Array.MaxLength} bytes come out of the gzip file, more than can be read.", error);
        }
        long promised = bytes.Length < GzipTrailer ? uint.MaxValue
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4));
        if (unpacked.Length == 0)
            throw new DataException($"{path}: nothing came out of the gzip file ({bytes.Length} bytes): it is truncated or empty.");
        return new DataFile(path, unpacked.GetBuffer(), (int)unpacked.Length, promised);
    }
}
