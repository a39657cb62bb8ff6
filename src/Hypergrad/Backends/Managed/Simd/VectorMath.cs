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
    /// tanh x, by one division: below ½ Lambert's continued fraction, cut after five levels in single precision (error under 1e-10) and
    /// after seven in double (under 1e-16), above (e²ˣ − 1)/(e²ˣ + 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Tanh<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        var y = x * x;
        bool single = typeof(T) == typeof(float);
        var numerator = single ? Polynomial.Of(y, 1, 105, 945) : Polynomial.Of(y, 1, 378, 17325, 135135);
        var denominator = single ? Polynomial.Of(y, 15, 420, 945) : Polynomial.Of(y, 28, 3150, 62370, 135135);
        // At 20 it is 1 in either precision.
        var magnitude = Vector512.MinNative(Constant<T>(20), Vector512.Abs(x));
        var power = Exponential.Exp(magnitude + magnitude);
        var isSmall = Vector512.LessThan(magnitude, Constant<T>(0.5));
        var signed = Vector512.CopySign(power - Vector512<T>.One, x);
        return Vector512.ConditionalSelect(isSmall, x * numerator, signed)
            / Vector512.ConditionalSelect(isSmall, denominator, power + Vector512<T>.One);
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Softplus<T>(Vector512<T> x) where T : unmanaged, INumberBase<T>
    {
        // log(1 + e) = 2 artanh s with s = e/(2 + e) ≤ 1/3, by its series: exact for small e too, where 1 + e would lose it.
        var e = Exponential.Exp(-Vector512.Abs(x));
        var s = e / (e + Constant<T>(2));
        var square = s * s;
        var sum = typeof(T) == typeof(float)
            ? Constant<T>(1 / 17.0)
            : Polynomial.On(
                Polynomial.Of(square, 1 / 37.0, 1 / 35.0, 1 / 33.0, 1 / 31.0, 1 / 29.0, 1 / 27.0, 1 / 25.0), square,
                1 / 23.0, 1 / 21.0, 1 / 19.0, 1 / 17.0);
        sum = Polynomial.On(Polynomial.On(sum, square, 1 / 15.0, 1 / 13.0, 1 / 11.0, 1 / 9.0), square, 1 / 7.0, 1 / 5.0, 1 / 3.0, 1);
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

    /// <summary>The widened halves' sum of a (b − c), accumulated in doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAddWide<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<double> sum)
    {
        if (typeof(T) == typeof(double))
            return Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble() - c.AsDouble(), sum);
        (var aLower, var aUpper) = Widen(a.AsSingle());
        (var bLower, var bUpper) = Widen(b.AsSingle());
        (var cLower, var cUpper) = Widen(c.AsSingle());
        return Vector512.FusedMultiplyAdd(aUpper, bUpper - cUpper, Vector512.FusedMultiplyAdd(aLower, bLower - cLower, sum));
    }

    /// <summary>The sum of the widened halves, accumulated in doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> AddWide<T>(Vector512<T> a, Vector512<double> sum)
    {
        if (typeof(T) == typeof(double))
            return a.AsDouble() + sum;
        (var lower, var upper) = Widen(a.AsSingle());
        return sum + lower + upper;
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
