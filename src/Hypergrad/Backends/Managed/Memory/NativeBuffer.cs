using System.Runtime.InteropServices;

namespace Hypergrad.Backends.Managed.Memory;

/// <summary>
/// Zeroed memory outside the garbage-collected heap, aligned to 64 bytes and padded to a multiple of them: what a vector register loads at
/// once. It is freed at once when disposed of, so that a session's memory is what its live vectors say.
/// </summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    private const int Alignment = 64;

    public NativeBuffer(long length)
    {
        Length = length;
        Bytes = (length * sizeof(T) + Alignment - 1) / Alignment * Alignment;
        Pointer = (T*)Allocate(Math.Max(Bytes, Alignment));
        NativeMemoryTally.Add(Bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    public long Bytes { get; }

    public T* Pointer { get; private set; }

    public Span<T> Span => new(Pointer, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void* Allocate(long bytes)
    {
        if (HugePages.AreFor(bytes))
            return HugePages.Allocate(bytes);
        if (Slabs.AreFor(bytes))
            return Slabs.Allocate(bytes);
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(memory, (nuint)bytes);
        return memory;
    }

    private void Free()
    {
        if (Pointer is null)
            return;
        if (HugePages.AreFor(Bytes))
            HugePages.Free(Pointer, Bytes);
        else if (Slabs.AreFor(Bytes))
            Slabs.Free(Pointer);
        else
            NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        NativeMemoryTally.Add(-Bytes);
    }
}
