using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary><see cref="StateHash"/>, eight numbers at a time.</summary>
internal static unsafe class HashVectors
{
    /// <summary>The hash of an array.</summary>
    /// <param name="values">[count].</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="first">The place of the first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(long* values, int count, int first = 0)
    {
        var sum = Vector512<ulong>.Zero;
        var place = Vector512<ulong>.Indices + Vector512.Create((ulong)first + 1);
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            var mixed = Vector512.Load((ulong*)values + i) + place * Vector512.Create(StateHash.IndexMultiplier);
            mixed = (mixed ^ Vector512.ShiftRightLogical(mixed, 30)) * Vector512.Create(StateHash.FirstMultiplier);
            mixed = (mixed ^ Vector512.ShiftRightLogical(mixed, 27)) * Vector512.Create(StateHash.SecondMultiplier);
            sum += mixed ^ Vector512.ShiftRightLogical(mixed, 31);
            place += Vector512.Create(8UL);
        }
        ulong total = Vector512.Sum(sum);
        for (; i < count; i++)
            total += StateHash.Mix(values[i], (long)first + i);
        return total;
    }

    /// <summary>The hash of an array of 16-bit or 32-bit words.</summary>
    /// <inheritdoc cref="Of"/>
    [SkipLocalsInit]
    public static ulong OfWords<TWord>(TWord* values, int count, int first) where TWord : unmanaged
    {
        const int chunk = 512;
        long* wide = stackalloc long[chunk];
        ulong total = 0;
        for (int start = 0; start < count; start += chunk)
        {
            int size = Math.Min(chunk, count - start);
            for (int i = 0; i < size; i++)
                wide[i] = sizeof(TWord) == sizeof(ushort) ? ((ushort*)values)[start + i] : ((uint*)values)[start + i];
            total += Of(wide, size, first + start);
        }
        return total;
    }
}
