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
    public static Vector512<T> Value(Vector512<T> z) => z * Distribution(Erf(z, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a) => Slope(z, Distribution(Erf(z, out var bell)), Density(bell));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a)
    {
        _ = Erf(z, out var bell);
        return Curvature(z, Density(bell));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature)
    {
        Vector512<T> distribution = Distribution(Erf(z, out var bell)), density = Density(bell);
        (slope, curvature) = (Slope(z, distribution, density), Curvature(z, density));
        return z * distribution;
    }

    // Besides, e^(−z²/2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Erf(Vector512<T> z, out Vector512<T> bell) =>
        ErrorFunction.Erf(z * VectorMath.Constant<T>(OverRootOf2), out bell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Distribution(Vector512<T> erf) => VectorMath.Constant<T>(0.5) * (Vector512<T>.One + erf);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Density(Vector512<T> bell) => VectorMath.Constant<T>(OverRootOf2Pi) * bell;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Slope(Vector512<T> z, Vector512<T> distribution, Vector512<T> density) => distribution + z * density;

    // Where the density is 0 the square may stop growing: were it infinite, their product would not be a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Curvature(Vector512<T> z, Vector512<T> density) =>
        density * (VectorMath.Constant<T>(2) - Vector512.Min(z * z, VectorMath.Constant<T>(4096)));
}
