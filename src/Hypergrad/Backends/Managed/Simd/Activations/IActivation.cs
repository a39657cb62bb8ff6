using System.Runtime.Intrinsics;

namespace Hypergrad.Backends.Managed.Simd.Activations;

/// <summary>A hidden unit's function and its derivatives, given the weighted input z and the value a = φ(z).</summary>
internal interface IActivation<T>
{
    /// <summary>Whether the derivatives look at z; where they look at a alone, z need not be kept.</summary>
    static abstract bool KeepsInput { get; }

    /// <summary>Whether φ″ is 0 everywhere.</summary>
    static abstract bool IsPiecewiseLinear { get; }

    /// <summary>φ(z).</summary>
    static abstract Vector512<T> Value(Vector512<T> z);

    /// <summary>φ′(z).</summary>
    static abstract Vector512<T> Derivative(Vector512<T> z, Vector512<T> a);

    /// <summary>φ″(z).</summary>
    static abstract Vector512<T> SecondDerivative(Vector512<T> z, Vector512<T> a);

    /// <summary>φ(z), φ′(z) and φ″(z), what they share computed once, to the same bits.</summary>
    static abstract Vector512<T> Value(Vector512<T> z, out Vector512<T> slope, out Vector512<T> curvature);
}
