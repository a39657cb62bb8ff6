using System.Diagnostics;

namespace Hypergrad.Tests.Files;

/// <summary>Files that are no regular ones, made in a temporary folder by the tools of the system; where that is not permitted the test is
/// skipped, visibly.</summary>
internal static class SpecialFiles
{
    /// <summary>A named pipe.</summary>
    public static string Pipe(string path) => Made(path, "mkfifo", path);

    /// <summary>A device like /dev/null.</summary>
    public static string Null(string path) => Made(path, "mknod", path, "c", "1", "3");

    /// <summary>A device like /dev/zero.</summary>
    public static string Zero(string path) => Made(path, "mknod", path, "c", "1", "5");

    /// <summary>A device like /dev/full.</summary>
    public static string Full(string path) => Made(path, "mknod", path, "c", "1", "7");

    /// <summary>A disk that is not there.</summary>
    public static string Disk(string path) => Made(path, "mknod", path, "b", "250", "250");

    private static string Made(string path, string command, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("There are no such files.");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            if (process.ExitCode == 0)
                return path;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not there: skipped as well.
        }
        Assert.Ignore($"{command} is not permitted here; this test needs it.");
        return path;
    }
}
