using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// eˣ = 2ⁿ eʳ with n the integer nearest to x/ln 2 and |r| ≤ ln 2 / 2, eʳ by its Taylor series (to r¹³ in double, r⁷ in single precision).
/// The runtime's own vector exponential is not used: how it rounds is nowhere promised, neither from machine to machine nor from one
/// compilation of a method to the next, and a gradient evaluated again must be the same to the bit.
/// </summary>
internal static class Exponential
{
    /// <summary>eˣ: infinite above the range, 0 below it, not a number where x is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        bool single = typeof(T) == typeof(float);
        // The bound comes first: one instruction, which gives its second operand where either is not a number.
        x = Vector512.MaxNative(VectorMath.Constant<T>(single ? -104 : -746), x);
        x = Vector512.MinNative(VectorMath.Constant<T>(single ? 89 : 710), x);
        // Adding 1.5·2^(mantissa bits) rounds to an integer.
        var rounder = VectorMath.Constant<T>(single ? 12582912.0 : 6755399441055744.0);
        var n = VectorMath.MultiplyAdd(x, VectorMath.Constant<T>(1.4426950408889634), rounder) - rounder;
        // ln 2 in two parts, the first one what T holds of it.
        var r = VectorMath.MultiplyAdd(n, VectorMath.Constant<T>(-0.6931471805599453), x);
        r = VectorMath.MultiplyAdd(n, VectorMath.Constant<T>(single ? 1.904654299957768e-9 : -2.3190468138462996e-17), r);
        var sum = single
            ? Polynomial.Of(r, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0)
            : Polynomial.On(
                Polynomial.Of(r, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0),
                r, 1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0);
        sum = Polynomial.On(sum, r, 1 / 6.0, 0.5, 1, 1);
        if (single && Avx512F.IsSupported)
            return Avx512F.Scale(sum.AsSingle(), n.AsSingle()).As<float, T>();
        if (!single && Avx512F.IsSupported)
            return Avx512F.Scale(sum.AsDouble(), n.AsDouble()).As<double, T>();
        // 2ⁿ in two factors, each of which has an exponent of its own even where 2ⁿ has none.
        var half = (n * VectorMath.Constant<T>(0.5) + rounder) - rounder;
        return sum * PowerOfTwo(half, rounder) * PowerOfTwo(n - half, rounder);
    }

    // n + bias in the low bits of a number whose unit is 1, moved to where the exponent is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> PowerOfTwo<T>(Vector512<T> n, Vector512<T> rounder) where T : unmanaged, INumberBase<T> =>
        typeof(T) == typeof(float)
            ? Vector512.ShiftLeft((n + VectorMath.Constant<T>(127) + rounder).AsInt32(), 23).As<int, T>()
            : Vector512.ShiftLeft((n + VectorMath.Constant<T>(1023) + rounder).AsInt64(), 52).As<long, T>();
}
