using System.Numerics;
using Hypergrad.Backends.Managed.Products;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// Who computes the operations of a network, and the memory that they work in. An operation is shared out among all workers, or, within an
/// item of theirs such as a microbatch, is one worker's, as others are the others' at the same time: each has memory of its own.
/// </summary>
internal sealed unsafe class Team<T> : IDisposable where T : unmanaged, INumberBase<T>
{
    /// <summary>The same chunks whatever the number of threads.</summary>
    private const int Chunk = 16384;

    private static readonly Workers Alone = new(1);

    private readonly ProductWorkspace<T> workspace;
    private readonly ProductWorkspace<T>[] ownWorkspaces;
    private readonly GrowingBuffer<T>[] scratches;
    private readonly GrowingBuffer<T>[] partialSums, weights, turnedWeights, weightSums;

    /// <summary>A team of threads.</summary>
    public Team(Workers workers)
    {
        Workers = workers;
        workspace = new(workers.Threads);
        ownWorkspaces = new ProductWorkspace<T>[workers.Threads];
        for (int worker = 0; worker < workers.Threads; worker++)
            ownWorkspaces[worker] = new(1);
        (scratches, partialSums) = (OfWorkers(), OfWorkers());
        (weights, turnedWeights, weightSums) = (OfWorkers(), OfWorkers(), OfWorkers());

        GrowingBuffer<T>[] OfWorkers() => [.. Enumerable.Range(0, workers.Threads).Select(_ => new GrowingBuffer<T>())];
    }

    /// <summary>The threads.</summary>
    public Workers Workers { get; }

    /// <summary>C = op(A) · op(B), or C += op(A) · op(B), by all workers; see <see cref="MatrixProduct.Multiply"/>.</summary>
    public void Multiply(
        T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, T* addend = null)
    {
        if (Workers.IsWithin)
            MultiplyAlone(Workers.Current, a, transposeA, b, transposeB, c, m, n, k, accumulate, addend);
        else
            MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, workspace, Workers, addend);
    }

    /// <summary>The same by one worker, from within a loop of the team.</summary>
    public void MultiplyAlone(
        int worker, T* a, bool transposeA, T* b, bool transposeB, T* c, int m, int n, int k, bool accumulate, T* addend = null) =>
        MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, ownWorkspaces[worker], Alone, addend);

    /// <summary>A worker's own memory, one array at a time; what it held before is lost.</summary>
    public T* Scratch(int worker, long count) => scratches[worker].Reserve((nint)count);

    /// <summary>Room for weights in another form, within one product; what it held before is lost.</summary>
    public T* Weights(long count) => weights[Workers.Current].Reserve((nint)count);

    /// <summary>Likewise for weights turned about.</summary>
    public T* TurnedWeights(long count) => turnedWeights[Workers.Current].Reserve((nint)count);

    /// <summary>Likewise for sums of ∂W that are formed side by side.</summary>
    public T* WeightSums(long count) => weightSums[Workers.Current].Reserve((nint)count);

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

    /// <summary>target = source, or target += source.</summary>
    public void PassOn(T* source, T* target, long count, bool add) => ForEachChunk(count, (start, size) =>
    {
        if (add)
            Elementwise.Add(target + start, source + start, target + start, size);
        else
            new Span<T>(source + start, size).CopyTo(new(target + start, size));
    });

    /// <summary>Every row of the target [rows × columns] becomes the given row.</summary>
    public void Broadcast(T* row, T* target, int rows, int columns) => ForEachChunkOfRows(rows, columns, (first, count, _) =>
        Rows.Broadcast(row, target + (long)first * columns, count, columns));

    /// <summary>The sum of the rows of the source [rows × columns], or what is there plus that sum.</summary>
    public void SumRows(T* source, T* sum, int rows, int columns, bool accumulate)
    {
        int parts = ChunksOfRows(rows, columns);
        if (parts == 1)
        {
            Rows.Sum(source, sum, rows, columns, accumulate);
            return;
        }
        T* partial = partialSums[Workers.Current].Reserve((nint)parts * columns);
        ForEachChunkOfRows(rows, columns, (first, count, part) =>
            Rows.Sum(source + (long)first * columns, partial + (long)part * columns, count, columns, false));
        Rows.Sum(partial, sum, parts, columns, accumulate);
    }

    /// <summary>The sum of a few long rows, shared out along them.</summary>
    public void SumLongRows(T* source, T* sum, int rows, int columns, bool accumulate) => ForEachChunk(columns, (start, count) =>
        Rows.Sum(source + start, sum + start, rows, count, columns, accumulate));

    public void Dispose()
    {
        workspace.Dispose();
        foreach (var own in ownWorkspaces)
            own.Dispose();
        foreach (var buffer in (GrowingBuffer<T>[])[.. scratches, .. partialSums, .. weights, .. turnedWeights, .. weightSums])
            buffer.Dispose();
    }

    private static int RowsOfChunk(int columns) => Math.Max(1, Chunk / columns);

    private static int ChunksOfRows(int rows, int columns) => Blocking.DivideUp(rows, RowsOfChunk(columns));

    private void ForEachChunkOfRows(int rows, int columns, Action<int, int, int> body)
    {
        int size = RowsOfChunk(columns);
        Workers.For(ChunksOfRows(rows, columns), part => body(part * size, Math.Min(size, rows - part * size), part));
    }
}
