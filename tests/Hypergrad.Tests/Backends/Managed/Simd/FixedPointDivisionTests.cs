using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Simd;

namespace Hypergrad.Tests.Backends.Managed.Simd;

/// <summary>The divisions in doubles against those of integers, at the ends of their ranges and between them.</summary>
public class FixedPointDivisionTests
{
    private static readonly long[] Ends =
    [
        0, 1, -1, 2, -2, long.MaxValue, long.MinValue, long.MinValue + 1, (1L << 32) - 1, 1L << 32, -(1L << 32), (1L << 52) - 1, -(1L << 52),
    ];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(58_982)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    public void DivideWide_AnyNumber_FlooredQuotientAndRemainder(int n)
    {
        foreach (long x in Numbers(n))
        {
            var (quotient, remainder) = FixedPointDivision.DivideWide(Vector512.Create(x), Of(n), AboveInverse(n));
            AssertDivided(x, n, quotient[0], remainder[0]);
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(65_535)]
    [TestCase(4_194_303)]
    [TestCase(4_194_304)]
    public void DivideAny_AnyNumber_FlooredQuotientAndRemainder(int n)
    {
        foreach (long x in Numbers(n))
        {
            var (quotient, remainder) = FixedPointDivision.DivideAny(Vector512.Create(x), Of(n), AboveInverse(n));
            AssertDivided(x, n, quotient[0], remainder[0]);
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(4_194_303)]
    public void DivideUnsigned_Below2To54_FlooredQuotientAndRemainder(int n)
    {
        foreach (long number in Numbers(n))
        {
            long x = number & ((1L << 54) - 1);
            var (quotient, remainder) = FixedPointDivision.DivideUnsigned(Vector512.Create(x), Of(n), AboveInverse(n));
            AssertDivided(x, n, quotient[0], remainder[0]);
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(65_535)]
    [TestCase(4_194_304)]
    public void Divide_Below2To49_FlooredQuotientAndRemainder(int n)
    {
        foreach (long number in Numbers(n))
        {
            long x = number & ((1L << 49) - 1);
            var (quotient, remainder) = FixedPointDivision.Divide(Vector512.Create((double)x), Of(n), AboveInverse(n));
            AssertDivided(x, n, (long)quotient[0], remainder[0]);
        }
    }

    // The ends, the neighbours of multiples of n, and random numbers of every size.
    private static IEnumerable<long> Numbers(int n)
    {
        foreach (long end in Ends)
            yield return end;
        var random = new Random(n);
        for (int i = 0; i < 2_000; i++)
        {
            long x = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(63);
            yield return x;
            long multiple = x - x % n;
            yield return multiple;
            yield return unchecked(multiple - 1);
        }
    }

    private static void AssertDivided(long x, int n, long quotient, double remainder)
    {
        var (expected, left) = Math.DivRem(x, (long)n);
        if (left < 0)
            (expected, left) = (expected - 1, left + n);
        Assert.That((quotient, remainder), Is.EqualTo((expected, (double)left)), $"{x} / {n}");
    }

    private static Vector512<double> Of(int n) => Vector512.Create((double)n);

    private static Vector512<double> AboveInverse(int n) => Vector512.Create(FixedPointDivision.AboveInverse(n));
}
