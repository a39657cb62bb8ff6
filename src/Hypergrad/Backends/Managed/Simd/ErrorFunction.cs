using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>erf by the rational approximations of Cody, <i>Rational Chebyshev Approximations for the Error Function</i> (1969).</summary>
internal static class ErrorFunction
{
    /// <summary>
    /// erf x and, from the same exponential, e^(−x²), which is 0 from |x| = 6.5 on. The far approximation is Cody's for |x| up to 4;
    /// beyond, where 1 − |erf| is under 2e-8, its relative error no longer matters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Erf<T>(Vector512<T> x, out Vector512<T> bell) where T : unmanaged, INumberBase<T>
    {
        var end = VectorMath.Constant<T>(6.5);
        var magnitude = Vector512.MinNative(end, Vector512.Abs(x));
        var square = magnitude * magnitude;
        var exponential = Exponential.Exp(-square);
        var isNear = Vector512.LessThan(magnitude, VectorMath.Constant<T>(0.46875));
        // One division for both: it takes as long as a polynomial.
        var ratio = Vector512.ConditionalSelect(
                isNear, NearNumerator(square) * magnitude, FarNumerator(magnitude) * exponential)
            / Vector512.ConditionalSelect(isNear, NearDenominator(square), FarDenominator(magnitude));
        var result = Vector512.ConditionalSelect(isNear, ratio, Vector512<T>.One - ratio);
        bell = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, end), exponential, Vector512<T>.Zero);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), -result, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> NearNumerator<T>(Vector512<T> square) where T : unmanaged, INumberBase<T> => Polynomial.Of(square,
        1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> NearDenominator<T>(Vector512<T> square) where T : unmanaged, INumberBase<T> => Polynomial.Of(square,
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> FarNumerator<T>(Vector512<T> magnitude) where T : unmanaged, INumberBase<T> => Polynomial.Of(magnitude,
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
        8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> FarDenominator<T>(Vector512<T> magnitude) where T : unmanaged, INumberBase<T> => Polynomial.Of(magnitude,
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
        3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3);
}
