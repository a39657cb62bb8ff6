using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypergrad.Backends.Managed.Simd;

/// <summary>
/// Functions of a 512-bit vector of floats or doubles, written once. Where the machine has narrower registers the runtime computes a
/// 512-bit vector as two or four of them.
/// </summary>
internal static class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Constant<T>(double value) where T : unmanaged, INumberBase<T> => Vector512.Create(T.CreateTruncating(value));

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
    public static Vector512<T> Sigmoid<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        var small = Exponential.Exp(-Vector512.Abs(x));
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
        var denominator = MultiplyAdd(MultiplyAdd(MultiplyAdd(Constant<T>(28), y, Constant<T>(3150)), y, Constant<T>(62370)), y,
            Constant<T>(135135));
        var magnitude = Vector512.Abs(x);
        var large = Vector512<T>.One - Constant<T>(2) / (Exponential.Exp(magnitude + magnitude) + Vector512<T>.One);
        large = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), -large, large);
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Constant<T>(0.5)), numerator / denominator, large);
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Softplus<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        // log(1 + e) = 2 artanh s with s = e/(2 + e) ≤ 1/3, by its series: exact for small e too, where 1 + e would lose it.
        var e = Exponential.Exp(-Vector512.Abs(x));
        var s = e / (e + Constant<T>(2));
        var square = s * s;
        int terms = typeof(T) == typeof(float) ? 8 : 18;
        var sum = Constant<T>(1.0 / (2 * terms + 1));
        for (int k = terms - 1; k >= 0; k--)
            sum = MultiplyAdd(sum, square, Constant<T>(1.0 / (2 * k + 1)));
        var log = (s + s) * sum;
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

    /// <summary>The sum of the numbers of a vector, always in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> x)
    {
        var half = x.GetLower() + x.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter.GetElement(0) + quarter.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Lower, Vector512<double> Upper) Widen(Vector512<float> x) => Avx512F.IsSupported
        ? (Avx512F.ConvertToVector512Double(x.GetLower()), Avx512F.ConvertToVector512Double(x.GetUpper()))
        : Vector512.Widen(x);
}
