using System.Globalization;
using System.Text;

namespace Hypergrad.Files;

/// <summary>
/// Keeps two tunings out of one folder: the file <c>tuning.lock</c>, locked by the system for as long as its process lives, with the
/// process's number in it. What a killed process leaves of it holds nobody up.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string Name = "tuning.lock";

    private readonly string path;
    private readonly FileStream file;

    private FolderLock(string path, FileStream file) => (this.path, this.file) = (path, file);

    /// <summary>Whether the folder is still taken.</summary>
    public bool IsHeld { get; private set; } = true;

    /// <summary>Takes a folder, until disposed or until the process ends.</summary>
    /// <exception cref="FolderInUseException">Another tuning, of this process or another, has it.</exception>
    /// <exception cref="ConfigurationException">No file can be made in it.</exception>
    public static FolderLock Take(OutputFolder folder)
    {
        string path = folder[Name];
        try
        {
            if (FilePath.Follow(path) is { Kind: not (FileKind.Missing or FileKind.Regular) })
                throw new ConfigurationException($"{path} is no file, and is needed as one: remove it.");
            while (true)
            {
                if (Open(folder, path) is not { } file)
                    continue;
                // It may have been removed by the tuning that had it before, between its opening and its locking here.
                if (IsAt(path, file))
                    return new(path, Announce(file));
                file.Dispose();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.CannotWrite(path, exception);
        }
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose()
    {
        if (!IsHeld)
            return;
        IsHeld = false;
        // Removed while it is still locked, so that it is no other tuning's.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        file.Dispose();
    }

    private static FileStream? Open(OutputFolder folder, string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1, FileOptions.DeleteOnClose)
                : new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            // Null where the tuning that had it has let it go meanwhile.
            return File.Exists(path) ? throw new FolderInUseException(folder.Path, HolderOf(path)) : null;
        }
    }

    // EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsSharingViolation(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static FileStream Announce(FileStream file)
    {
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return file;
    }

    // Their time of last change is one where they are one file.
    private static bool IsAt(string path, FileStream file)
    {
        var mark = DateTime.UnixEpoch.AddSeconds(Random.Shared.Next());
        File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(path) == mark;
    }

    // 0 where the process has not yet written its number, or has gone.
    private static int HolderOf(string path)
    {
        try
        {
            using var file = OperatingSystem.IsWindows()
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : new FileStream(Posix.OpenLocked(path), FileAccess.Read);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return 0;
        }
    }
}
