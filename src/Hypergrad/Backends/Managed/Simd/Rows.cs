using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>What the passes do with the rows of a [rows × columns] array beside matrix products.</summary>
internal static unsafe class Rows
{
    /// <summary>Every row of the target becomes the given row.</summary>
    public static void Broadcast<T>(T* row, T* target, int rows, int columns) where T : unmanaged
    {
        for (int i = 0; i < rows; i++)
            Unsafe.CopyBlockUnaligned(target + (long)i * columns, row, (uint)(columns * sizeof(T)));
    }

    /// <summary>Sums the rows, in their order.</summary>
    /// <param name="source">[rows × columns].</param>
    /// <param name="sum">[columns].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How long a row is.</param>
    /// <param name="accumulate">Whether the sum is added to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<T>(T* source, T* sum, int rows, int columns, bool accumulate) where T : unmanaged, INumberBase<T>
    {
        int width = Vector512<T>.Count, column = 0;
        for (; column <= columns - width; column += width)
        {
            var total = accumulate ? Vector512.Load(sum + column) : Vector512<T>.Zero;
            T* at = source + column;
            for (int row = 0; row < rows; row++, at += columns)
                total += Vector512.Load(at);
            total.Store(sum + column);
        }
        for (; column < columns; column++)
        {
            T total = accumulate ? sum[column] : T.Zero;
            for (int row = 0; row < rows; row++)
                total += source[(long)row * columns + column];
            sum[column] = total;
        }
    }

    /// <summary>The place of the largest number, the first one among equals.</summary>
    public static int IndexOfLargest<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T>
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }
}
