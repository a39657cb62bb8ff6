using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>zΦ(z): φ′ = Φ(z) + zϕ(z), φ″ = ϕ(z)(2 − z²), with Φ and ϕ the standard normal distribution function and density.</summary>
internal readonly struct GeluActivation<T> : IActivation<T> where T : unmanaged, INumberBase<T>
{
    private const double OverRootOf2 = 0.70710678118654752440, OverRootOf2Pi = 0.39894228040143267794;

    public static bool KeepsInput => true;

    public static bool IsPiecewiseLinear => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z) => z * Distribution(ErrorFunction.Erf(z * VectorMath.Constant<T>(OverRootOf2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a)
    {
        var erf = ErrorFunction.Erf(z * VectorMath.Constant<T>(OverRootOf2), out var bell);
        return Distribution(erf) + bell * (z * VectorMath.Constant<T>(OverRootOf2Pi));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a) =>
        Density(Square(z)) * (VectorMath.Constant<T>(2) - Square(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Distribution(Vector512<T> erf) => VectorMath.Constant<T>(0.5) * (Vector512<T>.One + erf);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Density(Vector512<T> square) =>
        VectorMath.Constant<T>(OverRootOf2Pi) * Exponential.Exp(VectorMath.Constant<T>(-0.5) * square);

    // Where the density is 0 the square may stop growing: were it infinite, their product would not be a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Square(Vector512<T> z) => Vector512.Min(z * z, VectorMath.Constant<T>(4096));
}
