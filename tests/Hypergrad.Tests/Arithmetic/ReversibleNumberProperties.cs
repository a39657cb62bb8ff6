using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Hypergrad.Arithmetic;

namespace Hypergrad.Tests.Arithmetic;

/// <summary>What holds for every number, of one word or two, every store, ratio, gradient and coefficient.</summary>
[TestFixture]
public sealed class ReversibleNumberProperties
{
    private static readonly Gen<(ReversibleNumber Number, DecayRatio Ratio)> States =
        from ratio in Properties.Ratios
        from isSecondMoment in Gen.Elements(false, true)
        from word in Properties.Words
        from value in Properties.SecondMoments
        from store in Properties.Words
        let bits = InformationStore.WordBits([ratio])
        select (new ReversibleNumber { Value = isSecondMoment ? value : word, Store = (ulong)store >> 64 - bits }, ratio);

    [Test]
    public void UndoDecay_GivesBackTheState() => Properties.Hold(States, state =>
    {
        var number = state.Number;
        number.Decay(state.Ratio);
        number.UndoDecay(state.Ratio);
        return number == state.Number;
    }, tries: 50_000);

    [Test]
    public void Decay_IsThePushAndPopOfItsDefinition() => Properties.Hold(States, state =>
    {
        BigInteger n = state.Ratio.Numerator, d = state.Ratio.Denominator, v = (BigInteger)state.Number.Value;
        var remainder = (v % d + d) % d;
        var store = state.Number.Store * d + remainder;
        var number = state.Number;
        number.Decay(state.Ratio);
        return (BigInteger)number.Value == (v - remainder) / d * n + store % n && number.Store == store / n;
    }, tries: 10_000);

    // d V' and n V are less than d n apart.
    [Test]
    public void Decay_StaysWithinADigitOfTheProduct() => Properties.Hold(States, state =>
    {
        BigInteger n = state.Ratio.Numerator, d = state.Ratio.Denominator;
        var number = state.Number;
        number.Decay(state.Ratio);
        return BigInteger.Abs((BigInteger)number.Value * d - (BigInteger)state.Number.Value * n) < d * n;
    });

    [Test]
    public void Decay_NeverOutgrowsTheLargestStore() => Properties.Hold(States, state =>
    {
        var number = state.Number;
        number.Decay(state.Ratio);
        ulong d = (ulong)state.Ratio.Denominator;
        return number.Store <= (state.Number.Store * d + d - 1) / (ulong)state.Ratio.Numerator;
    });

    // A mean of squares that decays stays one.
    [Test]
    public void Decay_OfASecondMoment_IsNeverNegative() => Properties.Hold(States.Where(state => state.Number.Value >= 0), state =>
    {
        var number = state.Number;
        number.Decay(state.Ratio);
        return number.Value >= 0;
    });

    [Test]
    public void UndoKick_GivesBackTheNumber() => Properties.Hold(
        Properties.Words.Zip(Properties.Ratios, (word, ratio) => (word, ratio)).Zip(Properties.Numbers), values =>
    {
        var ((word, ratio), gradient) = values;
        // Away from the ends, where a kick would overflow.
        var number = new ReversibleNumber { Value = word >> 2 };
        var start = number;
        foreach (double coefficient in (double[])[ratio.Complement, -ratio.Complement])
        {
            number.Kick(coefficient, gradient / 4);
            number.UndoKick(coefficient, gradient / 4);
            if (number != start)
                return false;
        }
        return true;
    });

    [Test]
    public void UndoKick_GivesBackTheSecondMoment() => Properties.Hold(
        Properties.SecondMoments.Zip(Properties.Ratios, (value, ratio) => (value, ratio)).Zip(Properties.Numbers), values =>
    {
        var ((value, ratio), gradient) = values;
        var number = new ReversibleNumber { Value = value >> 2 };
        var start = number;
        number.KickSecondMoment(ratio.Complement, gradient);
        bool grew = number.Value >= start.Value;
        number.UndoKickSecondMoment(ratio.Complement, gradient);
        return grew && number == start;
    });

    // c g² in units of 2⁻⁹⁶, exact but for one rounding: the product of three doubles has no more than 159 bits.
    [Test]
    public void KickOfASecondMoment_IsTheNearestNumberToTheRoundedProduct() => Properties.Hold(
        Properties.Ratios.Zip(Properties.Numbers), values =>
    {
        var (ratio, gradient) = values;
        var number = default(ReversibleNumber);
        number.KickSecondMoment(ratio.Complement, gradient);
        double square = gradient * gradient, product = ratio.Complement * square;
        var (exact, unit) = InUnits(product);
        return 2 * BigInteger.Abs((BigInteger)number.Value * unit - exact) <= unit;
    });

    [Test]
    public void UndoDrift_GivesBackTheWeight() => Properties.Hold(
        Properties.Words.Zip(Properties.Numbers, (weight, direction) => (weight, direction)).Zip(Properties.Numbers), values =>
    {
        var ((weight, direction), learningRate) = values;
        var number = new ReversibleNumber { Value = weight >> 2 };
        var start = number;
        number.Drift(learningRate / 1024, direction / 4);
        number.UndoDrift(learningRate / 1024, direction / 4);
        return number == start;
    });

    [Test]
    public void Unspill_GivesBackTheStore() => Properties.Hold(Properties.Words, word =>
    {
        var number = new ReversibleNumber { Store = (ulong)word };
        var start = number;
        byte first = number.Spill(), second = number.Spill();
        number.Unspill(second);
        number.Unspill(first);
        return number == start;
    });

    // The value of a second moment is that of its words, each rounded once: relative 2⁻⁵² at most.
    [Test]
    public void ValueOfASecondMoment_IsNearlyTheNearestDouble() => Properties.Hold(Properties.SecondMoments, value =>
    {
        double real = FixedPoint.SecondMomentToDouble(value);
        var (exact, unit) = InUnits(real);
        var error = BigInteger.Abs((BigInteger)value * unit - exact);
        return error * BigInteger.Pow(2, 52) <= (BigInteger)value * unit;
    });

    // A double times 2⁹⁶ as a fraction.
    private static (BigInteger Numerator, BigInteger Denominator) InUnits(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52 & 0x7FF);
        BigInteger mantissa = (bits & (1L << 52) - 1) | (exponent == 0 ? 0 : 1L << 52);
        int power = Math.Max(exponent, 1) - 1075 + 96;
        return power >= 0 ? (mantissa << power, BigInteger.One) : (mantissa, BigInteger.One << -power);
    }
}
