using System.Runtime.InteropServices;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>Native memory on a 64-byte boundary that grows when more is asked for and is kept between uses.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private T* start;
    private nuint capacity;

    ~AlignedBuffer() => NativeMemory.AlignedFree(start);

    /// <summary>The buffer, with room for at least <paramref name="count"/> numbers; what it held is lost if it had to grow.</summary>
    public T* Reserve(nint count)
    {
        if ((nuint)count > capacity)
        {
            NativeMemory.AlignedFree(start);
            start = null;
            capacity = 0;
            start = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), 64);
            capacity = (nuint)count;
        }
        return start;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(start);
        start = null;
        capacity = 0;
        GC.SuppressFinalize(this);
    }
}
