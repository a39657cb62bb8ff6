using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>Loads and stores of eight numbers, or of the fewer that are left at the end of a tile: zeros stand for the others.</summary>
internal static unsafe class Eight
{
    public const int Width = 8;

    /// <summary>64-bit integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Load(long* source, int rest) => rest >= Width ? Vector512.Load(source) : Elementwise.Load(source, rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<long> value, long* target, int rest)
    {
        if (rest >= Width)
            value.Store(target);
        else
            Elementwise.Store(value, target, rest);
    }

    /// <summary>Floats or doubles, as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LoadWide<T>(T* source, int rest) where T : unmanaged
    {
        if (rest >= Width)
            return FixedPointVectors.LoadWide(source);
        var part = Elementwise.Load(source, rest);
        return typeof(T) == typeof(double) ? part.AsDouble() : FixedPointVectors.Widen(part.AsSingle().GetLower());
    }

    /// <summary>An array of floats or doubles as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen<T>(T* source, double* target, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i += Width)
            StoreNarrow(LoadWide(source + i, count - i), target + i, count - i);
    }

    /// <summary>Doubles, rounded to floats or as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow<T>(Vector512<double> value, T* target, int rest) where T : unmanaged
    {
        if (rest >= Width)
            FixedPointVectors.StoreNarrow(value, target);
        else if (typeof(T) == typeof(double))
            Elementwise.Store(value.As<double, T>(), target, rest);
        else
            Elementwise.Store(Vector512.Create(FixedPointVectors.Narrow(value), Vector256<float>.Zero).As<float, T>(), target, rest);
    }

    /// <summary>Words of 16, 32 or 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> LoadWords<TWord>(TWord* source, int rest) where TWord : unmanaged
    {
        if (typeof(TWord) == typeof(ulong))
            return Load((long*)source, rest);
        if (typeof(TWord) == typeof(uint))
            return FixedPointVectors.WidenWords(
                rest >= Width ? Vector256.Load((uint*)source) : Elementwise.Load((uint*)source, rest).GetLower());
        return FixedPointVectors.WidenWords(
            rest >= Width ? Vector128.Load((ushort*)source) : Elementwise.Load((ushort*)source, rest).GetLower().GetLower());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords<TWord>(Vector512<long> value, TWord* target, int rest) where TWord : unmanaged
    {
        if (typeof(TWord) == typeof(ulong))
        {
            Store(value, (long*)target, rest);
            return;
        }
        var words = FixedPointVectors.NarrowWords(value);
        if (typeof(TWord) == typeof(uint))
        {
            if (rest >= Width)
                words.Store((uint*)target);
            else
                Elementwise.Store(Vector512.Create(words, Vector256<uint>.Zero), (uint*)target, rest);
            return;
        }
        var small = Vector128.Narrow(words.GetLower(), words.GetUpper());
        if (rest >= Width)
            small.Store((ushort*)target);
        else
            Elementwise.Store(Vector512.Create(Vector256.Create(small, default), default), (ushort*)target, rest);
    }
}
