using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>Loads and stores of eight numbers: what one vector of the exact arithmetic holds.</summary>
internal static unsafe class Eight
{
    /// <summary>Eight.</summary>
    public const int Width = 8;

    /// <summary>An array of floats or doubles as doubles.</summary>
    /// <param name="source">[count].</param>
    /// <param name="target">[count].</param>
    /// <param name="count">How many numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(T* source, double* target, int count) where T : unmanaged
    {
        int i = 0;
        for (; i <= count - Width; i += Width)
            FixedPointVectors.LoadWide(source + i).Store(target + i);
        for (; i < count; i++)
            target[i] = typeof(T) == typeof(double) ? ((double*)source)[i] : ((float*)source)[i];
    }

    /// <summary>Words of 16, 32 or 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadWords<TWord>(TWord* source) where TWord : unmanaged
    {
        if (sizeof(TWord) == sizeof(long))
            return Vector512.Load((long*)source);
        return typeof(TWord) == typeof(uint)
            ? FixedPointVectors.WidenWords(Vector256.Load((uint*)source))
            : FixedPointVectors.WidenWords(Vector128.Load((ushort*)source));
    }

    /// <summary>The low 16, 32 or 64 bits of integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords<TWord>(Vector512<long> value, TWord* target) where TWord : unmanaged
    {
        if (typeof(TWord) == typeof(ulong))
            value.Store((long*)target);
        else if (typeof(TWord) == typeof(uint))
            FixedPointVectors.NarrowToInt(value).Store((uint*)target);
        else
            FixedPointVectors.NarrowToShort(value).Store((ushort*)target);
    }
}
