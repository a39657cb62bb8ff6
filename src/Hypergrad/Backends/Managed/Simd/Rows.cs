using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Products;

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

    /// <summary>Rows that lie apart, one behind the other.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Numbers from one row of the source to the next.</param>
    /// <param name="target">[rows × columns].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How long a row is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Collect<T>(T* source, nint stride, T* target, int rows, int columns) where T : unmanaged
    {
        for (; rows > 0; rows--, source += stride, target += columns)
            for (int i = 0; i < columns; i += Vector512<T>.Count)
                Elementwise.StorePart(Elementwise.LoadPart(source + i, columns - i), target + i, columns - i);
    }

    /// <summary>The opposite: rows that lie apart become s times those of the source, or that is added to them.</summary>
    /// <param name="source">[rows × columns].</param>
    /// <param name="factor">s.</param>
    /// <param name="target">The first row.</param>
    /// <param name="stride">Numbers from one row of the target to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How long a row is.</param>
    /// <param name="add">Whether it is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Distribute<T>(T* source, T factor, T* target, nint stride, int rows, int columns, bool add) where T : unmanaged
    {
        var s = Vector512.Create(factor);
        for (; rows > 0; rows--, source += columns, target += stride)
            for (int i = 0; i < columns; i += Vector512<T>.Count)
            {
                int rest = columns - i;
                var scaled = Elementwise.LoadPart(source + i, rest) * s;
                Elementwise.StorePart(add ? Elementwise.LoadPart(target + i, rest) + scaled : scaled, target + i, rest);
            }
    }

    /// <summary>Sums the rows, in their order.</summary>
    /// <param name="source">[rows × columns].</param>
    /// <param name="sum">[columns].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How long a row is.</param>
    /// <param name="accumulate">Whether the sum is added to what is there.</param>
    public static void Sum<T>(T* source, T* sum, int rows, int columns, bool accumulate) where T : unmanaged, INumberBase<T> =>
        Sum(source, sum, rows, columns, columns, accumulate);

    /// <summary>The same where a row begins <paramref name="stride"/> numbers after the one before it.</summary>
    /// <inheritdoc cref="Sum{T}(T*, T*, int, int, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<T>(T* source, T* sum, int rows, int columns, int stride, bool accumulate)
        where T : unmanaged, INumberBase<T>
    {
        int width = Vector512<T>.Count, column = 0;
        // Four vectors at a time: a sum waits for its last addition, four do not wait for each other.
        for (; column <= columns - 4 * width; column += 4 * width)
        {
            T* to = sum + column, at = source + column;
            Vector512<T> first = default, second = default, third = default, fourth = default;
            if (accumulate)
            {
                (first, second) = (Vector512.Load(to), Vector512.Load(to + width));
                (third, fourth) = (Vector512.Load(to + 2 * width), Vector512.Load(to + 3 * width));
            }
            for (int row = 0; row < rows; row++, at += stride)
            {
                first += Vector512.Load(at);
                second += Vector512.Load(at + width);
                third += Vector512.Load(at + 2 * width);
                fourth += Vector512.Load(at + 3 * width);
            }
            first.Store(to);
            second.Store(to + width);
            third.Store(to + 2 * width);
            fourth.Store(to + 3 * width);
        }
        for (; column <= columns - width; column += width)
        {
            var total = accumulate ? Vector512.Load(sum + column) : Vector512<T>.Zero;
            T* at = source + column;
            for (int row = 0; row < rows; row++, at += stride)
                total += Vector512.Load(at);
            total.Store(sum + column);
        }
        for (; column < columns; column++)
        {
            T total = accumulate ? sum[column] : T.Zero;
            for (int row = 0; row < rows; row++)
                total += source[(long)row * stride + column];
            sum[column] = total;
        }
    }

    /// <summary>The sum of the numbers of a row, always in the same order.</summary>
    public static T Total<T>(T* row, int count) where T : unmanaged, INumberBase<T>
    {
        var total = Vector512<T>.Zero;
        for (int i = 0; i < count; i += Vector512<T>.Count)
            total += Elementwise.LoadPart(row + i, count - i);
        return Lanes512<T>.Sum(total);
    }

    /// <summary>The largest number of a row; where one is not a number, either that or the largest of others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest<T>(T* row, int count) where T : unmanaged, INumber<T>
    {
        int i = 0;
        var lanes = Vector512.Create(row[0]);
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
            lanes = Vector512.MaxNative(lanes, Vector512.Load(row + i));
        if (i < count)
            lanes = Vector512.MaxNative(lanes, Vector512.ConditionalSelect(
                Elementwise.First<T>(count - i), Elementwise.Load(row + i, count - i), lanes));
        var half = Vector256.MaxNative(lanes.GetLower(), lanes.GetUpper());
        var quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        var pair = Vector128.MaxNative(quarter, Vector128.Create(quarter.GetUpper(), quarter.GetLower()));
        return T.MaxNative(pair.GetElement(0), pair.GetElement(1));
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
