using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Backends.Managed.Updates;

/// <summary>Formulas with a coefficient per group of weights.</summary>
internal static unsafe class RingFormulas
{
    /// <summary>target = c ∘ source, or target + c ∘ source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(RingCursor<T> coefficients, T* source, T* target, int count, bool add) where T : unmanaged
    {
        int width = Vector512<T>.Count, i = 0;
        for (; i <= count - width; i += width, coefficients.Advance(width))
        {
            var existing = add ? Vector512.Load(target + i) : Vector512<T>.Zero;
            VectorMath.MultiplyAdd(coefficients.Current, Vector512.Load(source + i), existing).Store(target + i);
        }
        if (i < count)
        {
            var existing = add ? Elementwise.Load(target + i, count - i) : Vector512<T>.Zero;
            var result = VectorMath.MultiplyAdd(coefficients.Current, Elementwise.Load(source + i, count - i), existing);
            Elementwise.Store(result, target + i, count - i);
        }
    }

    /// <summary>Sets the sums to Σ a_i b_i of each place in the period, in doubles.</summary>
    /// <param name="a">[count].</param>
    /// <param name="b">[count].</param>
    /// <param name="count">How many weights.</param>
    /// <param name="sums">[period]: weight i counts to place (start + i) mod period.</param>
    /// <param name="start">The place of the first weight.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dot<T>(T* a, T* b, int count, Span<double> sums, int start) where T : unmanaged
    {
        if (sums.Length == 1)
        {
            sums[0] = Dot(a, b, count);
            return;
        }
        sums.Clear();
        int place = start;
        for (int i = 0; i < count; i++)
        {
            sums[place] += Unsafe.SizeOf<T>() == sizeof(float)
                ? ((float*)a)[i] * (double)((float*)b)[i]
                : ((double*)a)[i] * ((double*)b)[i];
            if (++place == sums.Length)
                place = 0;
        }
    }

    /// <summary>Σ a_i b_i in doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(T* a, T* b, int count) where T : unmanaged
    {
        int width = Vector512<T>.Count, i = 0;
        Vector512<double> even = default, odd = default;
        for (; i <= count - 2 * width; i += 2 * width)
        {
            even = VectorMath.MultiplyAddWide(Vector512.Load(a + i), Vector512.Load(b + i), even);
            odd = VectorMath.MultiplyAddWide(Vector512.Load(a + i + width), Vector512.Load(b + i + width), odd);
        }
        for (; i < count; i += width)
        {
            int rest = Math.Min(width, count - i);
            even = VectorMath.MultiplyAddWide(Elementwise.Load(a + i, rest), Elementwise.Load(b + i, rest), even);
        }
        return VectorMath.Sum(even + odd);
    }
}
