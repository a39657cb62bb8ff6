using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// The memory products work in, reused from one to the next: packed B or packed A (at most about 2 MiB, shared by the team) and, for each
/// worker, packed strips of B (at most about 512 KiB) and the ragged end of a tile. For one product at a time.
/// </summary>
internal sealed unsafe class ProductWorkspace<T> : IDisposable
    where T : unmanaged
{
    private readonly GrowingBuffer<T> strips = new();
    private readonly GrowingBuffer<T> narrow = new();
    private readonly GrowingBuffer<T> panel = new();
    private readonly GrowingBuffer<T>[] groups;
    private readonly GrowingBuffer<T>[] ends;

    /// <param name="threads">Threads of the largest team that will use it.</param>
    public ProductWorkspace(int threads)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new ConfigurationException($"Products are of float or double, not of {typeof(T).Name}.");
        if (threads < 1)
            throw new ConfigurationException($"The number of threads is {threads}; it must be at least 1.");
        groups = new GrowingBuffer<T>[threads];
        ends = new GrowingBuffer<T>[threads];
        for (int worker = 0; worker < threads; worker++) (groups[worker], ends[worker]) = (new(), new());
        Multiplier = Vector512.IsHardwareAccelerated ? new BlockedMultiplier<Lanes512<T>, Vector512<T>, T>(this)
            : Vector256.IsHardwareAccelerated ? new BlockedMultiplier<Lanes256<T>, Vector256<T>, T>(this)
            : new BlockedMultiplier<Lanes128<T>, Vector128<T>, T>(this);
    }

    /// <summary>Threads of the largest team that may use it.</summary>
    public int Threads => groups.Length;

    public Multiplier<T> Multiplier { get; }

    /// <summary>Packed strips of B.</summary>
    public T* Strips(nint count) => strips.Reserve(count);

    /// <summary>The packed last columns of B.</summary>
    public T* Narrow(nint count) => narrow.Reserve(count);

    /// <summary>A packed panel of A.</summary>
    public T* Panel(nint count) => panel.Reserve(count);

    /// <summary>A worker's own packed strips of B.</summary>
    public T* Group(int worker, nint count) => groups[worker].Reserve(count);

    /// <summary>The last vector of each row of a tile, where C has no room for a whole one.</summary>
    public T* End(int worker, nint count) => ends[worker].Reserve(count);

    public void Dispose()
    {
        strips.Dispose();
        narrow.Dispose();
        panel.Dispose();
        foreach (var group in groups) group.Dispose();
        foreach (var end in ends) end.Dispose();
    }
}
