using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class PhiloxTests
{
    [Test]
    public void Block_AtZeroWithZeroKey_IsTheKnownAnswer() =>
        Assert.That(new Philox(0).Block(0), Is.EqualTo((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)));

    [Test]
    public void Block_OfAllOnes_IsTheKnownAnswer() =>
        Assert.That(new Philox(ulong.MaxValue, ulong.MaxValue).Block(ulong.MaxValue),
            Is.EqualTo((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)));

    [Test]
    public void Normal_CutAnywhere_GivesTheSameNumbers()
    {
        var philox = new Philox(7, 3);
        var whole = new double[101];
        philox.Normal(whole);
        var tail = new double[64];
        philox.Normal(tail, start: 37);
        Assert.That(tail, Is.EqualTo(whole[37..]));
    }

    [Test]
    public void Normal_HasMeanZeroAndVarianceOne()
    {
        var numbers = new double[200_000];
        new Philox(11).Normal(numbers);
        double mean = numbers.Average(), variance = numbers.Sum(x => x * x) / numbers.Length;
        Assert.That(mean, Is.EqualTo(0).Within(0.01));
        Assert.That(variance, Is.EqualTo(1).Within(0.02));
    }
}
