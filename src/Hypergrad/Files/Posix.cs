using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypergrad.Files;

/// <summary>The few system calls of Linux and macOS that the runtime has no name for.</summary>
internal static unsafe partial class Posix
{
    // Above the size of every struct stat and statx.
    private const int StatSize = 512;

    private const int CurrentFolder = -100, StatxTypeAndMode = 3, StatxModeOffset = 28, MacModeOffset = 4;

    /// <summary>The kind of what a path leads to, or null where the system does not say.</summary>
    public static FileKind? KindOf(string path)
    {
        byte* status = stackalloc byte[StatSize];
        try
        {
            int failed = OperatingSystem.IsLinux() ? Statx(CurrentFolder, path, 0, StatxTypeAndMode, status)
                : OperatingSystem.IsMacOS() ? MacStat(path, status) : -1;
            if (failed != 0)
                return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
        ushort mode = *(ushort*)(status + (OperatingSystem.IsLinux() ? StatxModeOffset : MacModeOffset));
        return (mode >> 12) switch
        {
            1 => FileKind.Pipe,
            2 => FileKind.CharacterDevice,
            4 => FileKind.Folder,
            6 => FileKind.BlockDevice,
            12 => FileKind.Socket,
            _ => FileKind.Regular,
        };
    }

    /// <summary>Opens a file to read it though another process has locked it, which the runtime would refuse.</summary>
    public static SafeFileHandle OpenLocked(string path) => new(Open(path, 0), ownsHandle: true);

    private static int MacStat(string path, byte* status) =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Stat(path, status) : Stat64(path, status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat64(string path, byte* status);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
