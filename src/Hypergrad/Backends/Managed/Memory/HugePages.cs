using System.Runtime.InteropServices;

namespace Hypergrad.Backends.Managed.Memory;

/// <summary>
/// Zeroed memory in pages of 2 MiB for large arrays: a five-hundredth of the page faults when they are made, and of the places that a
/// processor must know of to walk through many arrays at once. On Linux, which clears the pages itself.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nuint Size = 2 << 20;

    /// <summary>Bytes below which an array is left on small pages: what is wasted at its end would tell.</summary>
    private const long Least = 2 * (long)Size;

    private const int ReadAndWrite = 3, PrivateAndAnonymous = 0x22, AdviseHugePage = 14;

    private static readonly void* Failed = (void*)-1;

    /// <summary>What was freed a moment ago.</summary>
    public static FreedPages Freed { get; } = new((memory, length) => Trim((byte*)memory, length), TimeSpan.FromSeconds(5));

    /// <summary>Whether an array of so many bytes is to have them.</summary>
    public static bool AreFor(long bytes) => bytes >= Least && OperatingSystem.IsLinux();

    /// <summary>Memory that begins on a page; a system that has no large pages gives small ones.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="alignment">Of what its address is a multiple: a power of two, a page at least.</param>
    /// <exception cref="MemoryException">There is none.</exception>
    public static void* Allocate(long bytes, long alignment = (long)Size)
    {
        nuint length = Rounded(bytes), unit = (nuint)alignment, reserved = length + unit;
        if (Freed.Take(length, unit) is var kept and not 0)
        {
            NativeMemory.Clear((void*)kept, length);
            return (void*)kept;
        }
        byte* memory = (byte*)Map(null, reserved, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (memory == Failed)
            throw new MemoryException(
                $"There is no memory for an array of {MemoryLimit.Text(bytes)}; close other programs, or use a smaller run.");
        byte* first = (byte*)(((nuint)memory + unit - 1) / unit * unit);
        Trim(memory, (nuint)(first - memory));
        Trim(first + length, (nuint)(memory + reserved - (first + length)));
        _ = Advise(first, length, AdviseHugePage);
        return first;
    }

    /// <summary>Gives it back, in a while, if nothing of its size is allocated before.</summary>
    public static void Free(void* memory, long bytes) => Freed.Keep((nint)memory, Rounded(bytes));

    private static void Trim(void* memory, nuint length)
    {
        if (length > 0)
            _ = Unmap(memory, length);
    }

    private static nuint Rounded(long bytes) => ((nuint)bytes + Size - 1) / Size * Size;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
