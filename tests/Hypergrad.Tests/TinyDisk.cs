using System.Diagnostics;

namespace Hypergrad.Tests;

/// <summary>A folder that is a disk of its own with little room, where mounting one is permitted; elsewhere the test is skipped,
/// visibly.</summary>
public sealed class TinyDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TinyDisk() { }

    public string Path => folder.Path;

    /// <summary>Mounts a disk.</summary>
    /// <param name="kilobytes">Its room.</param>
    public static TinyDisk Mount(int kilobytes)
    {
        var disk = new TinyDisk();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", disk.Path))
            return disk;
        disk.folder.Dispose();
        Assert.Ignore("Mounting a small disk is not permitted here; this test needs one.");
        throw new InvalidOperationException();
    }

    public void Dispose()
    {
        Run("umount", Path);
        folder.Dispose();
    }

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
