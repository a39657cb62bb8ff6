namespace Hypergrad.Backends.Managed.Products;

/// <summary>
/// One width of vector registers holding numbers of one type: what the tile kernels need of it.
/// Written once per width, so that the kernels themselves are written once.
/// </summary>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether there are 32 vector registers, so that a tile may keep 24 sums in them; otherwise 16, and 12 sums.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Load(T* source);

    static abstract TVector Broadcast(T* source);

    static abstract void Store(T* target, TVector value);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>left · right + addend, in one rounding where the machine has such an instruction.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The sum of the numbers of a vector, always in the same order.</summary>
    static abstract T Sum(TVector value);
}
