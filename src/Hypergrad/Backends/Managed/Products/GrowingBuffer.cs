using Hypergrad.Backends.Managed.Memory;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>A native buffer that grows when more is asked for and is kept between uses.</summary>
internal sealed unsafe class GrowingBuffer<T> : IDisposable
    where T : unmanaged
{
    private NativeBuffer<T>? buffer;

    /// <summary>The buffer, with room for at least <paramref name="count"/> numbers; what it held is lost if it had to grow.</summary>
    public T* Reserve(nint count)
    {
        if (buffer is null || count > buffer.Length)
        {
            buffer?.Dispose();
            buffer = new(count);
        }
        return buffer.Pointer;
    }

    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
    }
}
