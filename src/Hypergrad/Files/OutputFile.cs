using Microsoft.Win32.SafeHandles;

namespace Hypergrad.Files;

/// <summary>
/// A file that a result is written to. A regular file is replaced whole or not at all, a symbolic link's target likewise, be it there yet
/// or not; devices such as /dev/null, named pipes and the open descriptors behind /dev/stdout are written to as they are; anything else
/// is refused.
/// </summary>
internal sealed class OutputFile
{
    private readonly string path;

    /// <summary>Names a file, and finds out before any work is done whether it can be written.</summary>
    /// <param name="path">The file; folders above it that are not there are made.</param>
    /// <exception cref="ConfigurationException">It is a folder, a disk or a socket, or its folder cannot be written to.</exception>
    public OutputFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        this.path = path;
        if (path.Length == 0)
            throw new ConfigurationException("The file to write to has no name.");
        var destination = Follow();
        if (IsReplaced(destination))
            _ = new OutputFolder(Path.GetDirectoryName(destination.Target)!);
    }

    private OutputFile(string path, bool _) => this.path = path;

    /// <summary>A file of a folder that is known to be there and can be written to.</summary>
    internal static OutputFile In(OutputFolder folder, string name) => new(folder[name], true);

    /// <summary>
    /// Writes the content. A regular file is written beside and moved into place: whenever the process is killed, there is the old file or
    /// the new one, whole.
    /// </summary>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ConfigurationException">It cannot be written; the old file is still there, nothing half-written beside
    /// it.</exception>
    public void Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var destination = Follow();
        try
        {
            if (IsReplaced(destination))
                Replace(destination.Target, write);
            else
                Append(destination, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, exception);
        }
    }

    internal static ConfigurationException CannotWrite(string path, Exception exception) =>
        new($"{path} cannot be written to: {exception.Message} Choose another place, or make room there.", exception);

    private static bool IsReplaced(FilePath destination) =>
        destination is { Kind: FileKind.Regular or FileKind.Missing, Descriptor: null };

    private FilePath Follow()
    {
        try
        {
            var destination = FilePath.Follow(path);
            return destination.Kind switch
            {
                FileKind.Folder => throw Refused("a folder"),
                FileKind.BlockDevice => throw Refused("a disk"),
                FileKind.Socket when destination.Descriptor is null => throw Refused("a socket"),
                _ => destination,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CannotWrite(path, exception);
        }
    }

    private ConfigurationException Refused(string kind) => new($"{path} is {kind}, which no result can be written to; name a file.");

    private static void Replace(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(target)!;
        Leftovers.RemoveFrom(folder);
        string beside = Path.Combine(folder, Leftovers.NewName());
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static void Append(FilePath destination, Action<Stream> write)
    {
        using var file = destination.Descriptor is { } descriptor
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write)
            : new FileStream(destination.Target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(file);
        file.Flush();
        // Asking for it moves the descriptor's own position to the end of what was written, where its next user goes on.
        _ = file.SafeFileHandle;
    }
}
