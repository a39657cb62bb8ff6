namespace Hypergrad.Backends.Managed.Memory;

/// <summary>Room for an array, which takes memory from when it is first asked for.</summary>
/// <param name="length">Numbers of the array.</param>
internal sealed unsafe class Room<T>(long length) : IDisposable where T : unmanaged
{
    private NativeBuffer<T>? buffer;

    /// <summary>The array.</summary>
    public T* Pointer => (buffer ??= new(length)).Pointer;

    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
    }
}
