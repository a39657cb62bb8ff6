using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Fixed-point numbers as floats or doubles.</summary>
internal static unsafe class RealNumbers
{
    /// <summary>Weights and first moments.</summary>
    public static void Of<T>(long* value, T* target, int count) where T : unmanaged
    {
        int rest = count % Eight.Width, whole = count - rest;
        Convert(value, target, whole);
        if (rest == 0)
            return;
        var (numbers, converted) = (Elementwise.Load(value + whole, rest), default(Vector512<T>));
        Convert((long*)&numbers, (T*)&converted, Eight.Width);
        Elementwise.Store(converted, target + whole, rest);
    }

    /// <summary>Second moments.</summary>
    public static void OfSecondMoments<T>(long* upper, long* lower, T* target, int count) where T : unmanaged
    {
        int rest = count % Eight.Width, whole = count - rest;
        ConvertSecondMoments(upper, lower, target, whole);
        if (rest == 0)
            return;
        var (high, low) = (Elementwise.Load(upper + whole, rest), Elementwise.Load(lower + whole, rest));
        var converted = default(Vector512<T>);
        ConvertSecondMoments((long*)&high, (long*)&low, (T*)&converted, Eight.Width);
        Elementwise.Store(converted, target + whole, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<T>(long* value, T* target, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i += Eight.Width)
            FixedPointVectors.StoreNarrow(
                FixedPointVectors.ToDouble(Vector512.Load(value + i)) * Vector512.Create(1 / FixedPoint.One), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvertSecondMoments<T>(long* upper, long* lower, T* target, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i += Eight.Width)
            FixedPointVectors.StoreNarrow(
                FixedPointVectors.SecondMomentToDouble(Vector512.Load(upper + i), Vector512.Load(lower + i)), target + i);
    }
}
