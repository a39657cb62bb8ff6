using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary><see cref="StateHash"/>, eight numbers at a time.</summary>
internal static unsafe class HashVectors
{
    /// <summary>The hash of an array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(long* values, int count)
    {
        var sum = Vector512<ulong>.Zero;
        var place = Vector512<ulong>.Indices + Vector512<ulong>.One;
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
            total += StateHash.Mix(values[i], i);
        return total;
    }
}
