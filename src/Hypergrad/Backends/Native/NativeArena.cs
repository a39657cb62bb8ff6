using System.Runtime.InteropServices;
using System.Text;

namespace Hypergrad.Backends.Native;

/// <summary>Memory that a call of the native library reads, all of it given back at once.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private readonly List<nint> blocks = [];

    /// <summary>A copy of numbers; null where there are none.</summary>
    public T* Copy<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (values.IsEmpty)
            return null;
        var block = (T*)NativeMemory.Alloc((nuint)values.Length, (nuint)sizeof(T));
        blocks.Add((nint)block);
        values.CopyTo(new Span<T>(block, values.Length));
        return block;
    }

    /// <summary>A copy of one struct.</summary>
    public T* Copy<T>(T value) where T : unmanaged => Copy(new ReadOnlySpan<T>(in value));

    /// <summary>A text in UTF-8, ended by a zero.</summary>
    public sbyte* Text(string text) => (sbyte*)Copy<byte>(Encoding.UTF8.GetBytes(text + "\0"));

    public void Dispose()
    {
        foreach (nint block in blocks)
            NativeMemory.Free((void*)block);
        blocks.Clear();
    }
}
