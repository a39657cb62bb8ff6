using FsCheck.Fluent;
using Hypergrad.Arithmetic;
using Hypergrad.Data;

namespace Hypergrad.Tests.Arithmetic;

[TestFixture]
public sealed class DecayRatioTests
{
    [TestCase(0.0, 0)]
    [TestCase(1e-9, 1)]
    [TestCase(0.5, 32768)]
    [TestCase(0.9, 58982)]
    [TestCase(0.999999, 65536)]
    [TestCase(1.0, 65536)]
    public void FromMomentum_RoundsToTheNearestRatio(double momentum, int numerator) =>
        Assert.That(DecayRatio.FromMomentum(momentum), Is.EqualTo(new DecayRatio(numerator, 65536)));

    [TestCase(-1e-9)]
    [TestCase(1.0000001)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Decay_OutsideItsRange_IsRefused(double decay)
    {
        foreach (var round in (Func<double, DecayRatio>[])[DecayRatio.FromMomentum, DecayRatio.Nearest])
            Assert.That(() => round(decay),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("A decay lies between 0 and 1."));
    }

    [TestCase(0.0, 0, 1)]
    [TestCase(1.0, 1, 1)]
    [TestCase(0.5, 1, 2)]
    [TestCase(0.9, 9, 10)]
    [TestCase(0.999, 999, 1000)]
    [TestCase(0.99999, 99999, 100000)]
    [TestCase(1 - 0.01 * 0.01, 9999, 10000)]
    [TestCase(1 - 1.0 / (1 << 22), (1 << 22) - 1, 1 << 22)]
    [TestCase(1 - 1e-9, 1, 1)]
    [TestCase(1e-9, 1, 1 << 22)]
    [TestCase(double.Epsilon, 1, 1 << 22)]
    public void Nearest_ByHand(double decay, int numerator, int denominator) =>
        Assert.That(DecayRatio.Nearest(decay), Is.EqualTo(new DecayRatio(numerator, denominator)));

    // The nearest numerator of every denominator there is.
    [Test]
    public void Nearest_IsTheBestOfAllRatios([Range(0, 11)] int place)
    {
        double uniform = new Philox(9, 2).Uniform((ulong)place);
        double decay = (place % 3) switch { 0 => uniform, 1 => 1 - uniform / 100, _ => 1 - uniform / 10_000 };
        double least = double.PositiveInfinity;
        for (int d = 1; d <= 1 << 22; d++)
            least = Math.Min(least, Math.Abs(Math.Round(decay * d) / d - decay));
        var nearest = DecayRatio.Nearest(decay);
        Assert.That(nearest.Denominator, Is.InRange(1, 1 << 22));
        Assert.That(Math.Abs(nearest.Value - decay), Is.LessThanOrEqualTo(least));
    }

    [Test]
    public void Nearest_OfARatio_IsTheRatioInItsLowestTerms() => Properties.Hold(Properties.Ratios, ratio =>
    {
        var nearest = DecayRatio.Nearest(ratio.Value);
        return (long)nearest.Numerator * ratio.Denominator == (long)ratio.Numerator * nearest.Denominator
            && nearest.Denominator <= ratio.Denominator;
    }, tries: 20_000);

    [Test]
    public void ValueAndComplement_OfAMomentum_SumToOneExactly() => Properties.Hold(Properties.Numerators, numerator =>
        new DecayRatio(numerator, 65536).Value + new DecayRatio(numerator, 65536).Complement == 1);

    // 1 − n/d is n'/d too, and each is rounded once.
    [Test]
    public void Complement_IsRoundedOnce() => Properties.Hold(Properties.Ratios, ratio =>
        ratio.Complement == new DecayRatio(ratio.Denominator - ratio.Numerator, ratio.Denominator).Value);

    [Test]
    public void FromMomentum_OfARatio_IsTheRatio() =>
        Properties.Hold(Gen.Choose(0, 65536), numerator => DecayRatio.FromMomentum(numerator / 65536.0).Numerator == numerator);

    [TestCase(65536, 65536, 0.0)]
    [TestCase(32768, 65536, 1.0)]
    [TestCase(1, 65536, 16.0)]
    [TestCase(0, 65536, double.PositiveInfinity)]
    [TestCase(1, 1 << 22, 22.0)]
    [TestCase(3, 12, 2.0)]
    public void Entropy_IsTheLogarithmOfTheInverse(int numerator, int denominator, double bits) =>
        Assert.That(new DecayRatio(numerator, denominator).Entropy, Is.EqualTo(bits));
}
