using System.Numerics;
using System.Runtime.InteropServices;
using Hypergrad.Data;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>A matrix in native memory between two fences of NaN: reading them spoils a result, writing them is seen.</summary>
internal sealed unsafe class FencedMatrix<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Fence = 37;
    private readonly T* memory;

    public FencedMatrix(int rows, int columns, ulong seed)
    {
        Count = rows * columns;
        memory = (T*)NativeMemory.AlignedAlloc((nuint)((Count + 2 * Fence) * sizeof(T)), 64);
        new Span<T>(memory, Count + 2 * Fence).Fill(T.NaN);
        var random = new Philox(seed);
        for (int i = 0; i < Count; i++) Start[i] = T.CreateTruncating(random.Uniform((ulong)i) - 0.5);
    }

    public int Count { get; }

    public T* Start => memory + Fence;

    public Span<T> Numbers => new(Start, Count);

    public bool FencesStand
    {
        get
        {
            for (int i = 0; i < Fence; i++)
            {
                if (!T.IsNaN(memory[i]) || !T.IsNaN(Start[Count + i])) return false;
            }
            return true;
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
