using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary><see cref="StateHash"/>, eight numbers at a time.</summary>
internal static unsafe class HashVectors
{
    /// <summary>The hash of an array of integers of 64 bits, or of words of 16, 32 or 64.</summary>
    /// <param name="values">[count].</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="first">The place of the first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of<TWord>(TWord* values, int count, int first = 0) where TWord : unmanaged
    {
        var sum = Vector512<ulong>.Zero;
        var place = (Vector512<ulong>.Indices + Vector512.Create((ulong)first + 1)) * Vector512.Create(StateHash.IndexMultiplier);
        int i = 0;
        for (; i <= count - Eight.Width; i += Eight.Width)
        {
            var mixed = Eight.LoadWords(values + i).AsUInt64() + place;
            mixed = (mixed ^ Vector512.ShiftRightLogical(mixed, 30)) * Vector512.Create(StateHash.FirstMultiplier);
            mixed = (mixed ^ Vector512.ShiftRightLogical(mixed, 27)) * Vector512.Create(StateHash.SecondMultiplier);
            sum += mixed ^ Vector512.ShiftRightLogical(mixed, 31);
            place += Vector512.Create(unchecked(Eight.Width * StateHash.IndexMultiplier));
        }
        ulong total = Vector512.Sum(sum);
        for (; i < count; i++)
        {
            long value = sizeof(TWord) == sizeof(ushort) ? ((ushort*)values)[i]
                : sizeof(TWord) == sizeof(uint) ? ((uint*)values)[i] : ((long*)values)[i];
            total += StateHash.Mix(value, (long)first + i);
        }
        return total;
    }
}
