using System.Numerics;
using Hypergrad.Arithmetic;

namespace Hypergrad.Tests.Arithmetic;

[TestFixture]
public sealed class FixedPointTests
{
    [TestCase(0.0, 0L)]
    [TestCase(1.0, 1L << 52)]
    [TestCase(-1.5, -3L << 51)]
    [TestCase(2.2204460492503131e-16, 1L)]
    [TestCase(1.0e-16, 0L)]
    [TestCase(-2047.5, -4095L << 51)]
    public void FromDouble_ByHand(double value, long expected) => Assert.That(FixedPoint.FromDouble(value), Is.EqualTo(expected));

    [TestCase(2048.0)]
    [TestCase(-2048.0)]
    [TestCase(double.NaN)]
    [TestCase(double.NegativeInfinity)]
    public void FromDouble_OutsideItsRange_IsRefused(double value) => Assert.That(
        () => FixedPoint.FromDouble(value),
        Throws.TypeOf<OverflowException>().With.Message.EqualTo($"{value} does not fit a fixed-point number of range ±2048."));

    [Test]
    public void ToDouble_OfANumberBelowTwo_GivesItBack() => Properties.Hold(Properties.Words, word =>
    {
        long value = word >> 10;
        return FixedPoint.FromDouble(FixedPoint.ToDouble(value)) == value;
    });

    [Test]
    public void ToDouble_IsTheNearestDouble() => Properties.Hold(Properties.Words, word =>
    {
        double rounded = FixedPoint.ToDouble(word) * FixedPoint.One, unit = Math.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded);
        return 2 * BigInteger.Abs((BigInteger)rounded - word) <= (BigInteger)unit;
    });

    [Test]
    public void Range_IsWhatTheLimitMeans() => Assert.That(FixedPoint.ToDouble(long.MaxValue), Is.EqualTo(FixedPoint.Range));

    [TestCase(0.0, 0ul, 0ul)]
    [TestCase(1.0, 1ul << 32, 0ul)]
    [TestCase(0.75, 3ul << 30, 0ul)]
    [TestCase(1.2621774483536189e-29, 0ul, 1ul)]
    [TestCase(2147483647.5, (ulong)int.MaxValue << 32 | 1ul << 31, 0ul)]
    public void SecondMomentFromDouble_ByHand(double value, ulong upper, ulong lower)
    {
        Assert.That(FixedPoint.SecondMomentFromDouble(value), Is.EqualTo(new Int128(upper, lower)));
        Assert.That(FixedPoint.SecondMomentToDouble(new Int128(upper, lower)), Is.EqualTo(value));
    }

    [TestCase(2147483648.0)]
    [TestCase(-1e-300)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void SecondMomentFromDouble_OutsideItsRange_IsRefused(double value) => Assert.That(
        () => FixedPoint.SecondMomentFromDouble(value),
        Throws.TypeOf<OverflowException>().With.Message.EqualTo($"{value} does not fit a second moment of range 0 to 2³¹."));

    [Test]
    public void SecondMoment_OfADouble_GivesItBack() => Properties.Hold(Properties.Numbers, number =>
    {
        // Down to 2⁻⁴⁴, a double is a whole number of units.
        double value = Math.Abs(number) < Math.ScaleB(1, -43) ? 0 : Math.Abs(number);
        return FixedPoint.SecondMomentToDouble(FixedPoint.SecondMomentFromDouble(value)) == value;
    });
}
