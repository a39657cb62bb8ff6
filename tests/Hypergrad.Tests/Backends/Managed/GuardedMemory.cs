using System.Runtime.InteropServices;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Memory that ends, or begins, where a page begins that may not be touched: one number too far ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, NoAccess = 0;
    private static readonly nuint Page = (nuint)Environment.SystemPageSize;
    private readonly byte* memory;
    private readonly nuint size;

    public GuardedMemory(int bytes, bool guardBehind)
    {
        nuint body = ((nuint)bytes + Page - 1) / Page * Page;
        size = body + 2 * Page;
        memory = (byte*)Map(null, size, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)memory == -1) throw new InvalidOperationException("No memory could be mapped.");
        Start = guardBehind ? memory + Page + body - bytes : memory + Page;
        new Span<byte>(memory, (int)size).Clear();
        if (Protect(memory, Page, NoAccess) != 0 || Protect(memory + Page + body, Page, NoAccess) != 0)
            throw new InvalidOperationException("No page could be protected.");
    }

    public byte* Start { get; }

    public void Dispose() => _ = Unmap(memory, size);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
