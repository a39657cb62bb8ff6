using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Polynomials by Horner's rule, their coefficients from the highest power to the constant. Each is an argument of its own: what is a
/// constant of the caller becomes one of the compiled code, whereas a loop over an array would convert each anew for every vector.
/// </summary>
internal static class Polynomial
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, double a, double b, double c) where T : unmanaged, INumberBase<T> =>
        On(On(VectorMath.Constant<T>(a), x, b), x, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, double a, double b, double c, double d) where T : unmanaged, INumberBase<T> =>
        On(Of(x, a, b, c), x, d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, double a, double b, double c, double d, double e)
        where T : unmanaged, INumberBase<T> =>
        On(VectorMath.Constant<T>(a), x, b, c, d, e);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, double a, double b, double c, double d, double e, double f)
        where T : unmanaged, INumberBase<T> =>
        On(Of(x, a, b, c, d, e), x, f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(Vector512<T> x, double a, double b, double c, double d, double e, double f, double g)
        where T : unmanaged, INumberBase<T> =>
        On(Of(x, a, b, c), x, d, e, f, g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Of<T>(
        Vector512<T> x, double a, double b, double c, double d, double e, double f, double g, double h, double i)
        where T : unmanaged, INumberBase<T> =>
        On(Of(x, a, b, c, d, e), x, f, g, h, i);

    /// <summary>Goes on from what the powers above have come to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> On<T>(Vector512<T> sum, Vector512<T> x, double a) where T : unmanaged, INumberBase<T> =>
        VectorMath.MultiplyAdd(sum, x, VectorMath.Constant<T>(a));

    /// <inheritdoc cref="On{T}(Vector512{T}, Vector512{T}, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> On<T>(Vector512<T> sum, Vector512<T> x, double a, double b, double c, double d)
        where T : unmanaged, INumberBase<T> =>
        On(On(On(On(sum, x, a), x, b), x, c), x, d);
}
