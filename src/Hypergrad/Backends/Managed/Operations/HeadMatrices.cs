using System.Numerics;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>The matrices [rows × columns] of every example and head in one value of a batched product.</summary>
/// <param name="size">Numbers of an example of the value.</param>
/// <param name="layout">Where the matrices lie in them.</param>
/// <param name="rows">Rows of a matrix.</param>
/// <param name="columns">Columns of a matrix.</param>
internal readonly unsafe struct HeadMatrices<T>(int size, MatrixLayout layout, int rows, int columns)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Numbers of a matrix.</summary>
    public int Count => rows * columns;

    /// <summary>A matrix with its rows one behind the other: where it lies if they do, else copied.</summary>
    public T* Read(T* value, int example, int head, T* copy)
    {
        T* from = At(value, example, head);
        if (layout.RowStride == columns)
            return from;
        Rows.Collect(from, layout.RowStride, copy, rows, columns);
        return copy;
    }

    /// <summary>A matrix of the value becomes s times the given one, or that is added to it.</summary>
    public void Write(T* matrix, T factor, T* value, int example, int head, bool add) =>
        Rows.Distribute(matrix, factor, At(value, example, head), layout.RowStride, rows, columns, add);

    private T* At(T* value, int example, int head) => value + (long)example * size + (long)head * layout.HeadStride;
}
