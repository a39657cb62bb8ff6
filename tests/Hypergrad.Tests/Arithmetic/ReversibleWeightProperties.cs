using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Hypergrad.Arithmetic;

namespace Hypergrad.Tests.Arithmetic;

/// <summary>What holds for every velocity, digit store, momentum, gradient and learning rate.</summary>
[TestFixture]
public sealed class ReversibleWeightProperties
{
    private static readonly Gen<(long Velocity, uint Digits, DecayRatio Ratio)> States =
        from velocity in Properties.Words
        from digits in Gen.Choose(0, 65535)
        from numerator in Properties.Numerators
        select (velocity, (uint)digits, new DecayRatio(numerator));

    [Test]
    public void UndoDecay_GivesBackTheState() => Properties.Hold(States, state =>
    {
        var start = new ReversibleWeight { Velocity = state.Velocity, Digits = state.Digits };
        var weight = start;
        weight.Decay(state.Ratio);
        weight.UndoDecay(state.Ratio);
        return weight == start;
    }, tries: 20_000);

    [Test]
    public void Decay_IsThePushAndPopOfItsDefinition() => Properties.Hold(States, state =>
    {
        BigInteger n = state.Ratio.Numerator, v = state.Velocity;
        var (upper, lower) = (v >> 16, v - (v >> 16 << 16));
        var store = state.Digits * 65536 + lower;
        var weight = new ReversibleWeight { Velocity = state.Velocity, Digits = state.Digits };
        weight.Decay(state.Ratio);
        return weight.Velocity == upper * n + store % n && weight.Digits == store / n;
    }, tries: 5_000);

    [Test]
    public void Decay_StaysWithinADigitOfTheProduct() => Properties.Hold(States, state =>
    {
        var weight = new ReversibleWeight { Velocity = state.Velocity, Digits = state.Digits };
        weight.Decay(state.Ratio);
        // 65536 V' and n V are less than 65536 n apart.
        var error = (BigInteger)weight.Velocity * 65536 - (BigInteger)state.Velocity * state.Ratio.Numerator;
        return BigInteger.Abs(error) < (BigInteger)65536 * state.Ratio.Numerator;
    });

    [Test]
    public void Decay_NeverOutgrowsTheLargestStore() => Properties.Hold(States, state =>
    {
        var weight = new ReversibleWeight { Velocity = state.Velocity, Digits = state.Digits };
        weight.Decay(state.Ratio);
        return weight.Digits <= (state.Digits * 65536ul + 65535) / (ulong)state.Ratio.Numerator;
    });

    [Test]
    public void UndoKick_GivesBackTheVelocity() => Properties.Hold(
        Properties.Words.Zip(Properties.Numerators, (velocity, numerator) => (velocity, numerator)).Zip(Properties.Numbers), values =>
    {
        var ((velocity, numerator), gradient) = values;
        // Away from the ends, where a kick would overflow.
        var weight = new ReversibleWeight { Velocity = velocity >> 2 };
        var start = weight;
        weight.Kick(new(numerator), gradient / 4);
        weight.UndoKick(new(numerator), gradient / 4);
        return weight == start;
    });

    [Test]
    public void UndoDrift_GivesBackThePosition() => Properties.Hold(
        Properties.Words.Zip(Properties.Words, (position, velocity) => (position, velocity)).Zip(Properties.Numbers), values =>
    {
        var ((position, velocity), learningRate) = values;
        var weight = new ReversibleWeight { Position = position >> 2, Velocity = velocity >> 14 };
        var start = weight;
        weight.Drift(learningRate);
        weight.UndoDrift(learningRate);
        return weight == start;
    });

    [Test]
    public void Unspill_GivesBackTheStore() => Properties.Hold(Properties.Words, word =>
    {
        var weight = new ReversibleWeight { Digits = (uint)word };
        var start = weight;
        byte first = weight.Spill(), second = weight.Spill();
        weight.Unspill(second);
        weight.Unspill(first);
        return weight == start;
    });
}
