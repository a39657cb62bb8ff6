using System.Runtime.InteropServices;

namespace Hypergrad.Backends.Managed.Memory;

/// <summary>
/// Zeroed memory for arrays of middling size, one behind the other in slabs of large pages. What a session makes together it frees
/// together: a slab is given back when the last of its arrays is freed, and the one that is being filled begins again.
/// </summary>
internal static unsafe class Slabs
{
    private const long SlabBytes = 16 << 20, Least = 16 << 10, Most = SlabBytes / 4;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, Slab> All = [];
    private static Slab? filled;

    /// <summary>Whether an array of so many bytes is to be had here.</summary>
    public static bool AreFor(long bytes) => bytes is >= Least and < Most && HugePages.AreFor(SlabBytes);

    /// <summary>Zeroed memory.</summary>
    /// <param name="bytes">A multiple of a cache line.</param>
    public static void* Allocate(long bytes)
    {
        lock (Gate)
        {
            if (filled is null || filled.Used + bytes > SlabBytes)
            {
                // One that is full is looked after by its arrays; one that none is left of has been given back.
                filled = new Slab((byte*)HugePages.Allocate(SlabBytes, SlabBytes));
                All.Add((nint)filled.Memory, filled);
            }
            return filled.Take(bytes);
        }
    }

    /// <summary>Gives it back.</summary>
    public static void Free(void* memory)
    {
        lock (Gate)
        {
            var slab = All[(nint)memory & -(nint)SlabBytes];
            if (--slab.Arrays > 0)
                return;
            if (slab == filled)
            {
                slab.Used = 0;
                return;
            }
            All.Remove((nint)slab.Memory);
            HugePages.Free(slab.Memory, SlabBytes);
        }
    }

    private sealed class Slab(byte* memory)
    {
        private long written;

        public byte* Memory => memory;

        public long Used { get; set; }

        public int Arrays { get; set; }

        public void* Take(long bytes)
        {
            byte* array = memory + Used;
            if (Used < written)
                NativeMemory.Clear(array, (nuint)Math.Min(bytes, written - Used));
            Used += bytes;
            written = Math.Max(written, Used);
            Arrays++;
            return array;
        }
    }
}
