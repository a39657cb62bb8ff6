using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Functions of a 512-bit vector of floats or doubles, written once. Where the machine has narrower registers the runtime computes a 512-bit
/// vector as two or four of them.
/// </summary>
internal static class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Constant<T>(double value) where T : unmanaged, INumberBase<T> => Vector512.Create(T.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Exp(x.AsSingle()).As<float, T>()
        : Vector512.Exp(x.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log<T>(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Log(x.AsSingle()).As<float, T>()
        : Vector512.Log(x.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>1 where x &gt; 0, −1 where x &lt; 0, 0 at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sign<T>(Vector512<T> x) =>
        (Vector512.GreaterThan(x, Vector512<T>.Zero) & Vector512<T>.One) - (Vector512.LessThan(x, Vector512<T>.Zero) & Vector512<T>.One);

    /// <summary>1 / (1 + e⁻ˣ), by e to a power that is never positive, so that nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sigmoid<T>(Vector512<T> x)
    {
        var small = Exp(-Vector512.Abs(x));
        var numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), small, Vector512<T>.One);
        return numerator / (Vector512<T>.One + small);
    }

    /// <summary>
    /// tanh x: below ½ by Lambert's continued fraction cut after seven levels (error under 1e-16), above by 1 − 2/(e²ˣ + 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Tanh<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        var y = x * x;
        var numerator = x * MultiplyAdd(MultiplyAdd(y + Constant<T>(378), y, Constant<T>(17325)), y, Constant<T>(135135));
        var denominator = MultiplyAdd(MultiplyAdd(MultiplyAdd(Constant<T>(28), y, Constant<T>(3150)), y, Constant<T>(62370)), y, Constant<T>(135135));
        var magnitude = Vector512.Abs(x);
        var large = Vector512<T>.One - Constant<T>(2) / (Exp(magnitude + magnitude) + Vector512<T>.One);
        large = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), -large, large);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Constant<T>(0.5)), numerator / denominator, large);
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Softplus<T>(Vector512<T> x)
    {
        // log(1 + e) loses e's low bits when e is small; u = 1 + e, log u · e / (u − 1) puts them back (Higham 2002, section 1.14.1).
        var e = Exp(-Vector512.Abs(x));
        var u = Vector512<T>.One + e;
        var lost = u - Vector512<T>.One;
        var log = Vector512.ConditionalSelect(Vector512.Equals(lost, Vector512<T>.Zero), e, Log(u) * (e / lost));
        return Vector512.Max(x, Vector512<T>.Zero) + log;
    }

    /// <summary>The widened halves' sum of products a · b, accumulated in doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAddWide<T>(Vector512<T> a, Vector512<T> b, Vector512<double> sum)
    {
        if (typeof(T) == typeof(double))
            return Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum);
        (var aLower, var aUpper) = Widen(a.AsSingle());
        (var bLower, var bUpper) = Widen(b.AsSingle());
        return Vector512.FusedMultiplyAdd(aUpper, bUpper, Vector512.FusedMultiplyAdd(aLower, bLower, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Lower, Vector512<double> Upper) Widen(Vector512<float> x) => Avx512F.IsSupported
        ? (Avx512F.ConvertToVector512Double(x.GetLower()), Avx512F.ConvertToVector512Double(x.GetUpper()))
        : Vector512.Widen(x);
}
