using FsCheck;
using FsCheck.Fluent;
using Hypergrad.Arithmetic;
using Microsoft.FSharp.Core;

namespace Hypergrad.Tests.Arithmetic;

/// <summary>Properties over random values, the same ones at every run.</summary>
internal static class Properties
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure
        .WithQuietOnSuccess(true)
        .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20150211, 7), FSharpOption<int>.None)));

    /// <summary>64-bit words whose magnitudes are spread evenly over all lengths, extremes included.</summary>
    public static Gen<long> Words { get; } = Gen.Frequency(
        (1, Gen.Elements(0L, 1, -1, 65535, 65536, -65535, -65536, -65537, long.MaxValue, long.MinValue, long.MinValue + 1)),
        (9, from upper in Gen.Choose(int.MinValue, int.MaxValue)
            from lower in Gen.Choose(int.MinValue, int.MaxValue)
            from shift in Gen.Choose(0, 63)
            select ((long)upper << 32 | (uint)lower) >> shift));

    /// <summary>Numerators of a decay ratio, from 1 to 65536, the ends among them.</summary>
    public static Gen<int> Numerators { get; } = Gen.Frequency((1, Gen.Elements(1, 2, 255, 256, 65535, 65536)), (9, Gen.Choose(1, 65536)));

    /// <summary>Ratios n/d of 1 ≤ n ≤ d ≤ 2²², those of momenta and the extremes among them; half of them close to 1.</summary>
    public static Gen<DecayRatio> Ratios { get; } = Gen.Frequency(
        (1, Gen.Elements<DecayRatio>(new(1, 1), new(1, 2), new(1, 1 << 22), new((1 << 22) - 1, 1 << 22), new(1 << 22, 1 << 22))),
        (3, Numerators.Select(numerator => new DecayRatio(numerator, DecayRatio.MomentumDenominator))),
        (3, from denominator in Gen.Choose(1, 1 << 22)
            from numerator in Gen.Choose(1, denominator)
            select new DecayRatio(numerator, denominator)),
        (6, from denominator in Gen.Choose(1, 1 << 22)
            from short16 in Gen.Choose(0, 65535)
            select new DecayRatio(Math.Max(1, denominator - (int)((long)denominator * short16 >> 22)), denominator)));

    /// <summary>Second moments, from 0 to the largest, of all lengths.</summary>
    public static Gen<Int128> SecondMoments { get; } = Gen.Frequency(
        (1, Gen.Elements(Int128.Zero, Int128.One, ulong.MaxValue, (Int128)ulong.MaxValue + 1, Int128.MaxValue)),
        (9, from upper in Words
            from lower in Words
            from shift in Gen.Choose(0, 126)
            select new Int128((ulong)upper & long.MaxValue, (ulong)lower) >> shift));

    /// <summary>Finite numbers of either sign from 2⁻⁶⁰ to 2¹⁰.</summary>
    public static Gen<double> Numbers { get; } =
        from mantissa in Gen.Choose(-(1 << 30), 1 << 30)
        from exponent in Gen.Choose(-90, -20)
        select Math.ScaleB(mantissa, exponent);

    // Fewer where they are tried again for every mutant.
#if MUTATION
    private const int MostTries = 500;
#else
    private const int MostTries = int.MaxValue;
#endif

    /// <summary>Asserts that a property holds for all values, by trying many.</summary>
    public static void Hold<T>(Gen<T> values, Func<T, bool> property, int tries = 2000) =>
        Check.One(Fixed.WithMaxTest(Math.Min(tries, MostTries)), Prop.ForAll(Arb.From(values), property));
}
