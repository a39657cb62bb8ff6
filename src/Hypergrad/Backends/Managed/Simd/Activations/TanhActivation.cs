using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>tanh: φ′ = 1 − a², φ″ = −2aφ′.</summary>
internal readonly struct TanhActivation<T> : IActivation<T> where T : unmanaged, INumberBase<T>
{
    public static bool KeepsInput => false;

    public static bool IsPiecewiseLinear => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z) => VectorMath.Tanh(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a) => Vector512<T>.One - a * a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a) =>
        VectorMath.Constant<T>(-2) * a * (Vector512<T>.One - a * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature)
    {
        var value = Value(z);
        (slope, curvature) = (Derivative(z, value), SecondDerivative(z, value));
        return value;
    }
}
