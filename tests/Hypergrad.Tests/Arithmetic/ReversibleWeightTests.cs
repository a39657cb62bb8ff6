using Hypergrad.Arithmetic;

namespace Hypergrad.Tests.Arithmetic;

/// <summary>Answers worked out by hand.</summary>
[TestFixture]
public sealed class ReversibleWeightTests
{
    private const long One = 1L << 52;

    // s·65536 + V mod 65536 = 196613 = 6 · 32768 + 5.
    [TestCase(5, 3u, 32768, 5, 6u, TestName = "Decay_DigitsFillTheVelocity")]
    // −1 = −1 · 65536 + 65535, and 65535 = 1 · 32768 + 32767: −32768 + 32767.
    [TestCase(-1, 0u, 32768, -1, 1u, TestName = "Decay_OfANegativeVelocity_Floors")]
    // −65537 = −2 · 65536 + 65535.
    [TestCase(-65537, 0u, 65535, -131070, 1u, TestName = "Decay_OfANegativeVelocity_TakesTheDigitBelow")]
    [TestCase(One, 0u, 58982, 58982L << 36, 0u, TestName = "Decay_OfOne_IsTheRatio")]
    [TestCase(-One, 0u, 58982, -(58982L << 36), 0u, TestName = "Decay_OfMinusOne_IsMinusTheRatio")]
    [TestCase(123456789, 54321u, 65536, 123456789, 54321u, TestName = "Decay_ByOne_ChangesNothing")]
    [TestCase(0x7FFF0001, 0xFFFFu, 1, 0x7FFF, 0xFFFF0001u, TestName = "Decay_ByTheSmallestRatio_KeepsAllDigits")]
    [TestCase(long.MinValue, 0xFFFFu, 65536, long.MinValue, 0xFFFFu, TestName = "Decay_OfTheLowestVelocity_ByOne")]
    [TestCase(long.MaxValue, 0u, 65536, long.MaxValue, 0u, TestName = "Decay_OfTheHighestVelocity_ByOne")]
    public void Decay_ByHand(long velocity, uint digits, int numerator, long decayed, uint digitsAfter)
    {
        var weight = new ReversibleWeight { Velocity = velocity, Digits = digits };
        weight.Decay(new(numerator));
        Assert.That((weight.Velocity, weight.Digits), Is.EqualTo((decayed, digitsAfter)));
        weight.UndoDecay(new(numerator));
        Assert.That((weight.Velocity, weight.Digits), Is.EqualTo((velocity, digits)));
    }

    // A quarter of the gradient, truncated towards zero; 5e-15 / 4 is 5.63 units, 3e-16 / 4 is 0.34.
    [TestCase(2.0, -(1L << 51))]
    [TestCase(-2.0, 1L << 51)]
    [TestCase(5e-15, -5)]
    [TestCase(-5e-15, 5)]
    [TestCase(3e-16, 0)]
    [TestCase(-3e-16, 0)]
    public void Kick_ByHand(double gradient, long velocity)
    {
        var weight = default(ReversibleWeight);
        weight.Kick(new(49152), gradient);
        Assert.That(weight.Velocity, Is.EqualTo(velocity));
        weight.UndoKick(new(49152), gradient);
        Assert.That(weight.Velocity, Is.Zero);
    }

    [TestCase(0.5, -3, -1)]
    [TestCase(0.5, 3, 1)]
    [TestCase(0.25, 7, 1)]
    [TestCase(-0.25, 7, -1)]
    [TestCase(0.1, -9, 0)]
    [TestCase(3.0, One, 3 * One)]
    public void Drift_ByHand(double learningRate, long velocity, long moved)
    {
        var weight = new ReversibleWeight { Position = 100, Velocity = velocity };
        weight.Drift(learningRate);
        Assert.That(weight.Position, Is.EqualTo(100 + moved));
        weight.UndoDrift(learningRate);
        Assert.That(weight.Position, Is.EqualTo(100));
    }

    [Test]
    public void Spill_TakesTheLowByte()
    {
        var weight = new ReversibleWeight { Digits = 0x12345 };
        Assert.That(weight.Spill(), Is.EqualTo(0x45));
        Assert.That(weight.Digits, Is.EqualTo(0x123));
        weight.Unspill(0x45);
        Assert.That(weight.Digits, Is.EqualTo(0x12345));
    }

    [Test]
    public void TwoSteps_ByHand()
    {
        var half = new DecayRatio(32768);
        var weight = default(ReversibleWeight);
        weight.Decay(half);
        weight.Kick(half, -1);
        weight.Drift(0.5);
        Assert.That((weight.Velocity, weight.Position, weight.Digits), Is.EqualTo((One / 2, One / 4, 0u)));
        weight.Decay(half);
        weight.Kick(half, 1);
        weight.Drift(-1);
        Assert.That((weight.Velocity, weight.Position, weight.Digits), Is.EqualTo((-One / 4, One / 2, 0u)));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(4096.0)]
    public void Kick_ByWhatDoesNotFit_IsRefused(double gradient)
    {
        var weight = default(ReversibleWeight);
        Assert.That(
            () => weight.Kick(new(32768), gradient), Throws.TypeOf<OverflowException>().With.Message.EndsWith("fixed-point number of range ±2048."));
    }

    [Test]
    public void Kick_BeyondTheRange_IsRefused()
    {
        var weight = new ReversibleWeight { Velocity = long.MaxValue - 1 };
        Assert.That(() => weight.Kick(new(32768), -1), Throws.TypeOf<OverflowException>());
    }

    [Test]
    public void Drift_BeyondTheRange_IsRefused()
    {
        var weight = new ReversibleWeight { Position = long.MinValue, Velocity = -1 };
        Assert.That(() => weight.Drift(1), Throws.TypeOf<OverflowException>());
        Assert.That(() => weight.Drift(1e30), Throws.TypeOf<OverflowException>().With.Message.Contains("does not fit"));
    }
}
