using Hypergrad.Wording;

namespace Hypergrad.Files;

/// <summary>
/// A file that is read: a regular one, or a pipe such as /dev/stdin and those of process substitution. Devices, which have no end, are
/// refused, and a pipe that delivers nothing for long.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private const int FirstRoom = 1 << 16;

    private InputFile(string path, Stream stream, long? length) => (Path, Stream, Length) = (path, stream, length);

    /// <summary>The path, fit for messages.</summary>
    public string Path { get; }

    /// <summary>Its bytes.</summary>
    public Stream Stream { get; }

    /// <summary>How many bytes a regular file has; null for a pipe, and for files whose system does not say.</summary>
    public long? Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">It is missing, a folder or a device, cannot be read, or is a pipe that nobody writes to.</exception>
    public static InputFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Quoted.Path(path);
        try
        {
            switch (FilePath.Follow(path).Kind)
            {
                case FileKind.Folder:
                    throw new DataException($"{name}: this is a folder; a file is needed.");
                case FileKind.Pipe:
                    return new(name, PatientStream.Open(path, name), null);
                case FileKind.Regular or FileKind.Missing:
                    var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
                    return new(name, file, file.CanSeek && file.Length > 0 ? file.Length : null);
                default:
                    throw new DataException($"{name}: this is a device or a socket; a file or a pipe is needed.");
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{name}: there is no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotRead(name, error);
        }
    }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="DataException">As <see cref="Open"/>, or there is more than an array can hold.</exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static ReadOnlyMemory<byte> ReadAll(string path)
    {
        using var file = Open(path);
        return file.Length is { } length && length > Array.MaxLength
            ? throw new DataException($"{file.Path}: the file has {length} bytes; at most {Array.MaxLength} can be read.")
            : ReadAll(file.Stream, file.Length ?? Array.MaxLength, file.Path);
    }

    /// <summary>Reads a stream to its end. Room is made as bytes arrive, however many are promised.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="most">How many bytes there may be.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <param name="look">Shown every piece as it arrives; it may refuse.</param>
    /// <returns>The bytes; one more than <paramref name="most"/> where there are more.</returns>
    public static Memory<byte> ReadAll(Stream stream, long most, string path, Action<ReadOnlySpan<byte>>? look = null)
    {
        int limit = (int)Math.Min(most + 1, Array.MaxLength);
        var bytes = new byte[Math.Min(limit, FirstRoom)];
        int count = 0;
        for (int read; (read = Read(stream, bytes.AsSpan(count), path)) > 0;)
        {
            look?.Invoke(bytes.AsSpan(count, read));
            count += read;
            if (count < bytes.Length)
                continue;
            if (count == limit)
                break;
            // The pieces read so far beside their copy.
            MemoryLimit.Require(3.0 * count, $"{path}: what is read of it", "Use a smaller file.");
            Array.Resize(ref bytes, (int)Math.Min(limit, 2L * count));
        }
        return bytes.AsMemory(0, count);
    }

    /// <summary>Reads some bytes, none at the end.</summary>
    /// <exception cref="DataException">The stream cannot be read, or is not the gzip file that it is unpacked as.</exception>
    public static int Read(Stream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            throw new DataException($"{path}: the gzip file is damaged; fetch it again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, error);
        }
    }

    public void Dispose() => Stream.Dispose();

    private static DataException CannotRead(string name, Exception error) =>
        new($"{name}: the file cannot be read: {error.Message}", error);
}
