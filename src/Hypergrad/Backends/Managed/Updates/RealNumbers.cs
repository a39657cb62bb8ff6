using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Fixed-point numbers as floats or doubles.</summary>
internal static unsafe class RealNumbers
{
    /// <summary>Weights and first moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of<T>(long* value, T* target, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i += 8)
            Eight.StoreNarrow(
                FixedPointVectors.ToDouble(Eight.Load(value + i, count - i)) * Vector512.Create(1 / FixedPoint.One), target + i, count - i);
    }

    /// <summary>Second moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfSecondMoments<T>(long* upper, long* lower, T* target, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i += 8)
            Eight.StoreNarrow(
                FixedPointVectors.SecondMomentToDouble(Eight.Load(upper + i, count - i), Eight.Load(lower + i, count - i)), target + i,
                count - i);
    }
}
