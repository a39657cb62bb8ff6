using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Data;

/// <summary>A [Rows × Columns] table of finite numbers, row-major, kept in the precision it came in: single or double.</summary>
public sealed class Table
{
    private readonly float[]? single;
    private readonly double[]? @double;

    /// <summary>Makes a table of single-precision numbers from an array that it takes over (it is not copied).</summary>
    /// <param name="values">[rows × columns], row-major.</param>
    /// <param name="columns">Numbers per row, at least 1.</param>
    /// <param name="name">What the numbers are, for error messages: "input", "target".</param>
    /// <exception cref="DataException">The array is empty, does not divide into rows, or holds a number that is not finite.</exception>
    public Table(float[] values, int columns, string name = "number")
    {
        ArgumentNullException.ThrowIfNull(values);
        Rows = RowsOf<float>(values, columns, name);
        Columns = columns;
        single = values;
    }

    /// <summary>Makes a table of double-precision numbers from an array that it takes over (it is not copied).</summary>
    /// <inheritdoc cref="Table(float[], int, string)"/>
    public Table(double[] values, int columns, string name = "number")
    {
        ArgumentNullException.ThrowIfNull(values);
        Rows = RowsOf<double>(values, columns, name);
        Columns = columns;
        @double = values;
    }

    /// <summary>How many rows there are, at least 1.</summary>
    public int Rows { get; }

    /// <summary>How many numbers a row has, at least 1.</summary>
    public int Columns { get; }

    /// <summary>Whether the numbers are kept in double precision.</summary>
    public bool IsDouble => @double is not null;

    /// <summary>The numbers where they lie, floats or doubles, [Rows × Columns].</summary>
    internal Array Values => single is not null ? single : @double!;

    /// <summary>The number at a row and a column.</summary>
    public double this[int row, int column] => single is not null ? single[Index(row, column)] : @double![Index(row, column)];

    /// <summary>Copies one row, converted to <typeparamref name="T"/> by rounding to nearest.</summary>
    /// <param name="row">0 ≤ row &lt; Rows.</param>
    /// <param name="destination">At least <see cref="Columns"/> long.</param>
    public void CopyRow<T>(int row, Span<T> destination) where T : struct, INumberBase<T>
    {
        int start = Index(row, 0);
        if (single is not null)
            Convert(single.AsSpan(start, Columns), destination);
        else
            Convert(@double.AsSpan(start, Columns), destination);
    }

    /// <summary>Copies rows, converted to <typeparamref name="T"/>, to one after the other.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="destination">[rows × Columns].</param>
    internal unsafe void Gather<T>(ReadOnlySpan<int> rows, T* destination) where T : unmanaged, INumberBase<T>
    {
        if (IsDouble != (typeof(T) == typeof(double)))
        {
            for (int i = 0; i < rows.Length; i++)
                CopyRow(rows[i], new Span<T>(destination + (long)i * Columns, Columns));
            return;
        }
        fixed (void* values = &MemoryMarshal.GetArrayDataReference(Values))
        {
            for (int i = 0; i < rows.Length; i++)
            {
                // Rows far apart are not foreseen by the processor: the memory is asked for one while another is copied.
                int ahead = rows[Math.Min(i + 2, rows.Length - 1)];
                CopyAsking((T*)values + Index(rows[i], 0), (T*)values + Index(ahead, 0), destination + (long)i * Columns, Columns);
            }
        }
    }

    /// <summary>A new table with the rows asked for, in that order, in the same precision.</summary>
    /// <param name="rows">Row numbers, repeats allowed.</param>
    public Table Select(ReadOnlySpan<int> rows) => single is not null
        ? new Table(SelectRows(single, rows), Columns)
        : new Table(SelectRows(@double!, rows), Columns);

    /// <summary>A new table in which some rows are replaced, in the same precision.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="values">[rows × Columns], the new rows.</param>
    public Table With(ReadOnlySpan<int> rows, ReadOnlySpan<double> values)
    {
        if (values.Length != rows.Length * Columns)
            throw new DataException($"{values.Length} numbers to replace {rows.Length} rows of {Columns}.");
        var copy = single is not null ? new Table((float[])single.Clone(), Columns) : new Table((double[])@double!.Clone(), Columns);
        for (int i = 0; i < rows.Length; i++)
            for (int column = 0; column < Columns; column++)
                copy.Set(rows[i], column, values[i * Columns + column]);
        return copy;
    }

    /// <summary>All numbers as doubles, [Rows × Columns], row-major; a copy.</summary>
    public double[] ToArray()
    {
        var result = new double[Rows * Columns];
        for (int row = 0; row < Rows; row++)
            CopyRow(row, result.AsSpan(row * Columns, Columns));
        return result;
    }

    private static unsafe void CopyAsking<T>(T* source, T* ahead, T* destination, int count) where T : unmanaged
    {
        int i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(ahead + i);
            Vector512.Load(source + i).Store(destination + i);
        }
        new Span<T>(source + i, count - i).CopyTo(new(destination + i, count - i));
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : struct, INumberBase<TFrom> where TTo : struct, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(destination);
            return;
        }
        for (int i = 0; i < source.Length; i++)
            destination[i] = TTo.CreateTruncating(source[i]);
    }

    private T[] SelectRows<T>(T[] values, ReadOnlySpan<int> rows)
    {
        MemoryLimit.Require((double)rows.Length * Columns * Unsafe.SizeOf<T>(), $"A part of {rows.Length} examples", "Use fewer.");
        var result = new T[rows.Length * Columns];
        for (int i = 0; i < rows.Length; i++)
            values.AsSpan(Index(rows[i], 0), Columns).CopyTo(result.AsSpan(i * Columns));
        return result;
    }

    private void Set(int row, int column, double value)
    {
        if (single is not null)
            single[Index(row, column)] = (float)value;
        else
            @double![Index(row, column)] = value;
    }

    private int Index(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return row * Columns + column;
    }

    private static int RowsOf<T>(ReadOnlySpan<T> values, int columns, string name) where T : IFloatingPointIeee754<T>
    {
        if (columns < 1)
            throw new DataException($"A table of {name}s needs at least 1 column, not {columns}.");
        if (values.IsEmpty)
            throw new DataException($"A table of {name}s needs at least one row; this one is empty.");
        if (values.Length % columns != 0)
            throw new DataException($"{values.Length} {name} numbers do not divide into rows of {columns}.");
        for (int i = 0; i < values.Length; i++)
            if (!T.IsFinite(values[i]))
                throw new DataException(
                    $"The {name} of example {i / columns} holds {values[i]} at position {i % columns}; every number must be finite.");
        return values.Length / columns;
    }
}
