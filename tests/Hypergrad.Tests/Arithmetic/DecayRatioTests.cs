using FsCheck.Fluent;
using Hypergrad.Arithmetic;

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
        Assert.That(DecayRatio.FromMomentum(momentum).Numerator, Is.EqualTo(numerator));

    [TestCase(-1e-9)]
    [TestCase(1.0000001)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void FromMomentum_OutsideItsRange_IsRefused(double momentum) => Assert.That(
        () => DecayRatio.FromMomentum(momentum), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("A momentum lies in (0, 1]."));

    [Test]
    public void ValueAndComplement_SumToOneExactly() =>
        Properties.Hold(Properties.Numerators, numerator => new DecayRatio(numerator).Value + new DecayRatio(numerator).Complement == 1);

    [Test]
    public void FromMomentum_OfARatio_IsTheRatio() =>
        Properties.Hold(Gen.Choose(0, 65536), numerator => DecayRatio.FromMomentum(numerator / 65536.0).Numerator == numerator);

    [TestCase(65536, 0.0)]
    [TestCase(32768, 1.0)]
    [TestCase(1, 16.0)]
    [TestCase(0, double.PositiveInfinity)]
    public void Entropy_IsTheLogarithmOfTheInverse(int numerator, double bits) => Assert.That(new DecayRatio(numerator).Entropy, Is.EqualTo(bits));
}
