using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>log(1 + eᶻ): φ′ = σ(z), φ″ = σ(z)(1 − σ(z)).</summary>
internal readonly struct SoftplusActivation<T> : IActivation<T> where T : unmanaged, INumberBase<T>
{
    public static bool KeepsInput => true;

    public static bool IsPiecewiseLinear => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z) => VectorMath.Softplus(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Derivative(Vector512<T> z, Vector512<T> a) => VectorMath.Sigmoid(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a) => Logistic(VectorMath.Sigmoid(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature)
    {
        slope = VectorMath.Sigmoid(z);
        curvature = Logistic(slope);
        return VectorMath.Softplus(z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Logistic(Vector512<T> sigmoid) => sigmoid * (Vector512<T>.One - sigmoid);
}
