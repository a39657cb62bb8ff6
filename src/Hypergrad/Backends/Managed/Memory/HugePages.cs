using System.Runtime.InteropServices;

namespace Hypergrad.Backends.Managed.Memory;

/// <summary>
/// Pages of 2 MiB for large arrays: a five-hundredth of the page faults when they are made, and of the places that a processor must know
/// of to walk through many arrays at once.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a page, and to what an array of them is aligned.</summary>
    public const int Size = 2 << 20;

    /// <summary>Bytes below which an array is left on small pages: what an end of it wastes would tell.</summary>
    private const long Least = 2L * Size;

    private const int AdviseHugePage = 14;

    /// <summary>Whether an array of so many bytes is to have them.</summary>
    public static bool AreFor(long bytes) => bytes >= Least && OperatingSystem.IsLinux();

    /// <summary>Asks the system for them; one that has none goes on with small ones.</summary>
    public static void Advise(void* memory, long bytes) => _ = AdviseMemory(memory, (nuint)(bytes / Size * Size), AdviseHugePage);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int AdviseMemory(void* address, nuint length, int advice);
}
