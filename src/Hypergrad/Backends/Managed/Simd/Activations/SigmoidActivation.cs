using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>The logistic function: φ′ = a(1 − a), φ″ = φ′(1 − 2a).</summary>
internal readonly struct SigmoidActivation<T> : IActivation<T> where T : unmanaged, INumberBase<T>
{
    public static bool KeepsInput => false;

    public static bool IsPiecewiseLinear => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z) => VectorMath.Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a) => a * (Vector512<T>.One - a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a) => a * (Vector512<T>.One - a) * (Vector512<T>.One - a - a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature)
    {
        var value = Value(z);
        (slope, curvature) = (Derivative(z, value), SecondDerivative(z, value));
        return value;
    }
}
