using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>A formula of up to five vectors, applied number by number.</summary>
internal interface IElementwiseFormula<T>
{
    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e);
}

/// <summary>Applies a formula along arrays. The end of an array goes through the same vector code by way of the stack, so that no number's
/// result depends on where it stands.</summary>
internal static unsafe class Elementwise
{
    /// <summary>target_i = formula(a_i, …, e_i); an array that the formula does not use may be any readable one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<T, TFormula>(T* a, T* b, T* c, T* d, T* e, T* target, int count)
        where T : unmanaged where TFormula : struct, IElementwiseFormula<T>
    {
        int width = Vector512<T>.Count, i = 0;
        for (; i <= count - width; i += width)
        {
            var result = TFormula.Apply(
                Vector512.Load(a + i), Vector512.Load(b + i), Vector512.Load(c + i), Vector512.Load(d + i), Vector512.Load(e + i));
            result.Store(target + i);
        }
        int rest = count - i;
        if (rest > 0)
        {
            var result = TFormula.Apply(Load(a + i, rest), Load(b + i, rest), Load(c + i, rest), Load(d + i, rest), Load(e + i, rest));
            Store(result, target + i, rest);
        }
    }

    /// <summary>target_i = a_i + b_i.</summary>
    public static void Add<T>(T* a, T* b, T* target, int count) where T : unmanaged =>
        Apply<T, SumFormula<T>>(a, b, b, b, b, target, count);

    /// <summary>target_i = a_i b_i.</summary>
    public static void Multiply<T>(T* a, T* b, T* target, int count) where T : unmanaged =>
        Apply<T, ProductFormula<T>>(a, b, b, b, b, target, count);

    /// <summary>target_i += a_i b_i, rounded once.</summary>
    public static void AddProduct<T>(T* a, T* b, T* target, int count) where T : unmanaged =>
        Apply<T, AddedProductFormula<T>>(a, b, target, b, b, target, count);

    /// <summary>A whole vector from memory, or the numbers that are left of a row, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadPart<T>(T* source, int rest) where T : unmanaged =>
        rest >= Vector512<T>.Count ? Vector512.Load(source) : Load(source, rest);

    /// <summary>A whole vector to memory, or as much of it as is left of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart<T>(Vector512<T> vector, T* target, int rest) where T : unmanaged
    {
        if (rest >= Vector512<T>.Count)
            vector.Store(target);
        else
            Store(vector, target, rest);
    }

    /// <summary>The first numbers of a vector from memory, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load<T>(T* source, int count) where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) == sizeof(int))
            return Avx512F.MaskLoad((int*)source, FirstIntegers(count), default).As<int, T>();
        if (Avx512F.IsSupported && sizeof(T) == sizeof(long))
            return Avx512F.MaskLoad((long*)source, FirstLongs(count), default).As<long, T>();
        var vector = Vector512<T>.Zero;
        Unsafe.CopyBlockUnaligned(&vector, source, (uint)(count * sizeof(T)));
        return vector;
    }

    /// <summary>The first numbers of a vector to memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<T> vector, T* target, int count) where T : unmanaged
    {
        if (Avx512F.IsSupported && sizeof(T) == sizeof(int))
            Avx512F.MaskStore((int*)target, FirstIntegers(count), vector.As<T, int>());
        else if (Avx512F.IsSupported && sizeof(T) == sizeof(long))
            Avx512F.MaskStore((long*)target, FirstLongs(count), vector.As<T, long>());
        else
            Unsafe.CopyBlockUnaligned(target, &vector, (uint)(count * sizeof(T)));
    }

    /// <summary>All bits of the first numbers of a vector, none of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> First<T>(int count) where T : unmanaged =>
        sizeof(T) == sizeof(int) ? FirstIntegers(count).As<int, T>() : FirstLongs(count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> FirstIntegers(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> FirstLongs(int count) => Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count));

    private readonly struct SumFormula<T> : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) => a + b;
    }

    private readonly struct ProductFormula<T> : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) => a * b;
    }

    private readonly struct AddedProductFormula<T> : IElementwiseFormula<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d, Vector512<T> e) =>
            VectorMath.MultiplyAdd(a, b, c);
    }
}
