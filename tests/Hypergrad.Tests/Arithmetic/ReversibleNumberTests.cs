using Hypergrad.Arithmetic;

namespace Hypergrad.Tests.Arithmetic;

/// <summary>Answers worked out by hand.</summary>
[TestFixture]
public sealed class ReversibleNumberTests
{
    private const long One = 1L << 52;

    private static readonly Int128 OneOfSecondMoments = Int128.One << 96;

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
    public void Decay_ByHand(long velocity, uint store, int numerator, long decayed, uint storeAfter) =>
        AssertDecay(velocity, store, new(numerator, 65536), decayed, storeAfter);

    // 1234567 = 1234 · 1000 + 567, and 3 · 1000 + 567 = 3 · 999 + 570: 1234 · 999 + 570.
    [TestCase(1234567, 3u, 999, 1000, 1233336, 3u)]
    // −7 = −3 · 3 + 2, and 5 · 3 + 2 = 8 · 2 + 1: −3 · 2 + 1.
    [TestCase(-7, 5u, 2, 3, -5, 8u)]
    // The smallest ratio with the largest d takes every digit of a word beyond what it holds: (2³² − 1) · 2²² + 5.
    [TestCase((3L << 22) + 5, uint.MaxValue, 1, 1 << 22, 3, 0x3FFFFFFFC00005ul)]
    [TestCase(42, 9u, 1, 1, 42, 9u)]
    public void Decay_ByAnyRatio_ByHand(long value, uint store, int numerator, int denominator, long decayed, ulong storeAfter) =>
        AssertDecay(value, store, new(numerator, denominator), decayed, storeAfter);

    // 2⁹⁶ = 1000 · q + 336, for 2⁹⁶ mod 1000 = 336, and 336 < 999.
    [Test]
    public void Decay_OfASecondMoment_ByHand() =>
        AssertDecay(OneOfSecondMoments, 0, new(999, 1000), (OneOfSecondMoments - 336) / 1000 * 999 + 336, 0);

    // A quarter of the gradient, truncated towards zero; 5e-15 / 4 is 5.63 units, 3e-16 / 4 is 0.34.
    [TestCase(2.0, -(1L << 51))]
    [TestCase(-2.0, 1L << 51)]
    [TestCase(5e-15, -5)]
    [TestCase(-5e-15, 5)]
    [TestCase(3e-16, 0)]
    [TestCase(-3e-16, 0)]
    public void Kick_ByHand(double gradient, long velocity)
    {
        var number = default(ReversibleNumber);
        number.Kick(-0.25, gradient);
        Assert.That(number.Value, Is.EqualTo((Int128)velocity));
        number.UndoKick(-0.25, gradient);
        Assert.That(number.Value, Is.EqualTo(Int128.Zero));
    }

    // c · 2²ᵏ units of 2⁻⁹⁶, the nearest whole number of them, an even one where two are as near.
    [TestCase(0.5, 48, 0)]
    [TestCase(0.25, 48, 0)]
    [TestCase(0.75, 48, 1)]
    [TestCase(0.375, 47, 2)]
    [TestCase(0.625, 47, 2)]
    [TestCase(1, 47, 4)]
    [TestCase(0.001, 40, 66)]
    public void KickOfASecondMoment_ByHand(double coefficient, int power, int expected)
    {
        var number = default(ReversibleNumber);
        number.KickSecondMoment(coefficient, Math.ScaleB(-1, -power));
        Assert.That(number.Value, Is.EqualTo((Int128)expected));
        number.UndoKickSecondMoment(coefficient, Math.ScaleB(1, -power));
        Assert.That(number.Value, Is.EqualTo(Int128.Zero));
    }

    [Test]
    public void KickOfASecondMoment_IsOfTheSquare()
    {
        var number = new ReversibleNumber { Value = OneOfSecondMoments };
        number.KickSecondMoment(0.5, -3);
        Assert.That(number.Value, Is.EqualTo(OneOfSecondMoments * 11 / 2));
    }

    [TestCase(0.5, -3, -1)]
    [TestCase(0.5, 3, 1)]
    [TestCase(0.25, 7, 1)]
    [TestCase(-0.25, 7, -1)]
    [TestCase(0.1, -9, 0)]
    [TestCase(3.0, One, 3 * One)]
    public void Drift_ByHand(double learningRate, long velocity, long moved)
    {
        var number = new ReversibleNumber { Value = 100 };
        number.Drift(learningRate, FixedPoint.ToDouble(velocity));
        Assert.That(number.Value, Is.EqualTo((Int128)(100 + moved)));
        number.UndoDrift(learningRate, FixedPoint.ToDouble(velocity));
        Assert.That(number.Value, Is.EqualTo((Int128)100));
    }

    [Test]
    public void Spill_TakesTheLowByte()
    {
        var number = new ReversibleNumber { Store = 0x12345 };
        Assert.That(number.Spill(), Is.EqualTo(0x45));
        Assert.That(number.Store, Is.EqualTo(0x123));
        number.Unspill(0x45);
        Assert.That(number.Store, Is.EqualTo(0x12345));
    }

    [Test]
    public void TwoSteps_ByHand()
    {
        var half = new DecayRatio(32768, 65536);
        ReversibleNumber velocity = default, weight = default;
        void Step(double gradient, double learningRate)
        {
            velocity.Decay(half);
            velocity.Kick(-half.Complement, gradient);
            weight.Drift(learningRate, FixedPoint.ToDouble((long)velocity.Value));
        }
        Step(-1, 0.5);
        Assert.That(((long)velocity.Value, (long)weight.Value, velocity.Store), Is.EqualTo((One / 2, One / 4, 0ul)));
        Step(1, -1);
        Assert.That(((long)velocity.Value, (long)weight.Value, velocity.Store), Is.EqualTo((-One / 4, One / 2, 0ul)));
    }

    // A first step of Adam: m = g/2, s = g²/4, corrected g and g², and the direction is ±1/(1 + ε/|g|).
    [Test]
    public void StepOfAdam_ByHand()
    {
        ReversibleNumber m = default, s = default, weight = default;
        m.Decay(new(32768, 65536));
        m.Kick(0.5, -3);
        s.Decay(new(3, 4));
        s.KickSecondMoment(0.25, -3);
        double direction = AdamFormula.Of(
            FixedPoint.ToDouble((long)m.Value), FixedPoint.SecondMomentToDouble(s.Value), 1 - 0.5, 1 - 0.75, epsilon: 1);
        weight.Drift(-0.5, direction);
        Assert.That((direction, (long)weight.Value), Is.EqualTo((-0.75, 3 * One / 8)));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(4096.0)]
    public void Kick_ByWhatDoesNotFit_IsRefused(double gradient)
    {
        var number = default(ReversibleNumber);
        Assert.That(
            () => number.Kick(-0.5, gradient),
            Throws.TypeOf<OverflowException>().With.Message.EndsWith("fixed-point number of range ±2048."));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(65536.0)]
    [TestCase(1e200)]
    public void KickOfASecondMoment_ByWhatDoesNotFit_IsRefused(double gradient)
    {
        var number = default(ReversibleNumber);
        Assert.That(
            () => number.KickSecondMoment(0.5, gradient),
            Throws.TypeOf<OverflowException>().With.Message.EndsWith("does not fit a second moment of range 0 to 2³¹."));
    }

    // The last numbers that fit are reached, from either side, and one unit further is refused.
    [TestCase(1, long.MaxValue)]
    [TestCase(-1, long.MinValue)]
    public void Kick_ToTheEndOfTheRange_Fits(int sign, long end)
    {
        double unit = Math.ScaleB(sign, -52);
        var number = new ReversibleNumber { Value = end - sign };
        number.Kick(1, unit);
        Assert.That(number.Value, Is.EqualTo((Int128)end));
        Assert.That(() => number.Kick(1, unit), Throws.TypeOf<OverflowException>());
        Assert.That(() => number.UndoKick(1, -unit), Throws.TypeOf<OverflowException>());
        number.UndoKick(1, unit);
        Assert.That(number.Value, Is.EqualTo((Int128)(end - sign)));
        number.UndoKick(1, -unit);
        Assert.That(number.Value, Is.EqualTo((Int128)end));
    }

    [Test]
    public void Kick_BeyondTheRange_IsRefused()
    {
        var number = new ReversibleNumber { Value = long.MaxValue - 1 };
        Assert.That(() => number.Kick(-0.5, -1), Throws.TypeOf<OverflowException>());
        var second = new ReversibleNumber { Value = Int128.MaxValue };
        Assert.That(
            () => second.KickSecondMoment(1, 1),
            Throws.TypeOf<OverflowException>().With.Message.EqualTo("A second moment left its range of 0 to 2³¹."));
    }

    [Test]
    public void Drift_BeyondTheRange_IsRefused()
    {
        var number = new ReversibleNumber { Value = long.MinValue };
        Assert.That(() => number.Drift(1, -Math.ScaleB(1, -52)), Throws.TypeOf<OverflowException>());
        Assert.That(() => number.Drift(1e30, -1), Throws.TypeOf<OverflowException>().With.Message.Contains("does not fit"));
    }

    private static void AssertDecay(Int128 value, ulong store, DecayRatio ratio, Int128 decayed, ulong storeAfter)
    {
        var number = new ReversibleNumber { Value = value, Store = store };
        number.Decay(ratio);
        Assert.That((number.Value, number.Store), Is.EqualTo((decayed, storeAfter)));
        number.UndoDecay(ratio);
        Assert.That((number.Value, number.Store), Is.EqualTo((value, store)));
    }
}
