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
        bool huge = HugePages.AreFor(Bytes);
        Pointer = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(Bytes, Alignment), huge ? HugePages.Size : (nuint)Alignment);
        if (huge)
            HugePages.Advise(Pointer, Bytes);
        NativeMemory.Clear(Pointer, (nuint)Bytes);
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

    private void Free()
    {
        if (Pointer is null)
            return;
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        NativeMemoryTally.Add(-Bytes);
    }
}
