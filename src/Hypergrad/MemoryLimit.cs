using System.Globalization;

namespace Hypergrad;

/// <summary>Refuses what cannot fit into memory, by its size and before any of it is set aside.</summary>
internal static class MemoryLimit
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB", "PB"];

    // What is smaller fits anywhere, and is not worth a look.
    private const double Small = 64 << 20;

    private static long reusable;

    /// <summary>The memory, in bytes, that this machine or the container around this process has left for it.</summary>
    public static long Available
    {
        get
        {
            long left = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
            return Math.Max(0, Math.Min(left, LeftByOthers() ?? long.MaxValue) + Interlocked.Read(ref reusable));
        }
    }

    /// <summary>Counts memory that this process holds, but would give up for something else, as available; or no longer.</summary>
    /// <param name="bytes">How much more; less than 0 where there is less.</param>
    public static void AddReusable(long bytes) => Interlocked.Add(ref reusable, bytes);

    /// <summary>Refuses more than there is.</summary>
    /// <param name="bytes">The estimate.</param>
    /// <param name="what">What takes it: "This run".</param>
    /// <param name="remedy">What would take less, a sentence.</param>
    /// <exception cref="MemoryException">There is less.</exception>
    public static void Require(double bytes, string what, string remedy)
    {
        if (bytes > Small && Available is var available && bytes > available)
            throw new MemoryException($"{what} takes about {Text(bytes)} of memory, and {Text(available)} are left. {remedy}");
    }

    // Linux says what could be had without swapping; elsewhere it is not known.
    private static long? LeftByOthers()
    {
        const string path = "/proc/meminfo", name = "MemAvailable:";
        if (!OperatingSystem.IsLinux() || !File.Exists(path))
            return null;
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string? number = line?[name.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : null;
    }

    /// <summary>A size for people: "18.3 GB".</summary>
    public static string Text(double bytes)
    {
        int unit = 0;
        for (; bytes >= 1000 && unit + 1 < Units.Length; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:G3} {Units[unit]}");
    }
}
