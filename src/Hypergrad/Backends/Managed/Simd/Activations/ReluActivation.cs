using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>max(z, 0): φ′ = 1 where z > 0, else 0; φ″ = 0.</summary>
internal readonly struct ReluActivation<T> : IActivation<T> where T : unmanaged, INumberBase<T>
{
    public static bool KeepsInput => false;

    public static bool IsPiecewiseLinear => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z) => Vector512.Max(z, Vector512<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a) => Vector512.GreaterThan(a, Vector512<T>.Zero) & Vector512<T>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a) => Vector512<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature)
    {
        var value = Value(z);
        (slope, curvature) = (Derivative(z, value), SecondDerivative(z, value));
        return value;
    }
}
