using Hypergrad.Backends.Managed.Products;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>Who computes the operations of a network, and the memory that their products work in.</summary>
internal sealed class Team<T>(Workers workers) : IDisposable where T : unmanaged
{
    /// <summary>The same chunks whatever the number of threads.</summary>
    private const int Chunk = 16384;

    /// <summary>The threads.</summary>
    public Workers Workers { get; } = workers;

    /// <summary>The products' memory.</summary>
    public ProductWorkspace<T> Workspace { get; } = new(workers.Threads);

    /// <summary>C = op(A) · op(B), or C += op(A) · op(B); see <see cref="MatrixProduct.Multiply"/>.</summary>
    public unsafe void Multiply(T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate) =>
        MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, Workspace, Workers);

    /// <summary>Does something to every chunk of an array: its start, and its length.</summary>
    public void ForEachChunk(long count, Action<long, int> body)
    {
        if (count <= Chunk)
        {
            body(0, (int)count);
            return;
        }
        Workers.For((int)((count + Chunk - 1) / Chunk), part =>
        {
            long start = (long)part * Chunk;
            body(start, (int)Math.Min(Chunk, count - start));
        });
    }

    public void Dispose() => Workspace.Dispose();
}
