using Hypergrad.Arithmetic;
using Hypergrad.Data;

namespace Hypergrad.Tests.Arithmetic;

[TestFixture]
public sealed class SpillScheduleTests
{
    [Test]
    public void Schedule_OfHalves_ByHand()
    {
        // M: 1, 3, 7, …, 65535 after sixteen steps; the seventeenth makes 131071, which spills a byte and leaves 511.
        var schedule = new SpillSchedule(Repeat(32768, 40), 1);
        int[] spilling = [.. Enumerable.Range(0, 40).Where(step => schedule.BytesAt(step, 0) > 0)];
        Assert.That(spilling, Is.EqualTo(new[] { 16, 24, 32 }));
        Assert.That(schedule.TotalBytes(0), Is.EqualTo(3));
        Assert.That(schedule.BytesBefore(16, 0), Is.Zero);
        Assert.That(schedule.BytesBefore(17, 0), Is.EqualTo(1));
        Assert.That(schedule.BytesBefore(39, 0), Is.EqualTo(3));
    }

    [Test]
    public void Schedule_OfTheSmallestRatio_SpillsTwoBytesAStep()
    {
        // M: 65535, then 65535 · 65536 + 65535 = 2³² − 1, which two bytes bring back.
        var schedule = new SpillSchedule(Repeat(1, 5), 1);
        Assert.That(Enumerable.Range(0, 5).Select(step => schedule.BytesAt(step, 0)), Is.EqualTo(new[] { 0, 2, 2, 2, 2 }));
    }

    [Test]
    public void Schedule_WithoutDecay_SpillsNothing() => Assert.That(new SpillSchedule(Repeat(65536, 100_000), 1).TotalBytes(0), Is.Zero);

    [Test]
    public void Groups_AreScheduledEachByItself()
    {
        DecayRatio[] table =
        [
            .. Enumerable.Range(0, 60).SelectMany(_ => (DecayRatio[])[new(65536, 65536), new(32768, 65536), new(1, 65536)]),
        ];
        var schedule = new SpillSchedule(table, 3);
        Assert.That((schedule.Steps, schedule.Groups), Is.EqualTo((60, 3)));
        for (int step = 0; step < 60; step++)
        {
            Assert.That(schedule.BytesAt(step, 0), Is.Zero);
            Assert.That(schedule.BytesAt(step, 1), Is.EqualTo(new SpillSchedule(Repeat(32768, 60), 1).BytesAt(step, 0)));
            Assert.That(schedule.BytesAt(step, 2), Is.EqualTo(step == 0 ? 0 : 2));
            for (int group = 0; group < 3; group++)
                Assert.That(
                    schedule.BytesBefore(step, group), Is.EqualTo(Enumerable.Range(0, step).Sum(before => schedule.BytesAt(before, group))));
        }
    }

    [Test]
    public void Store_ThatMayBecomeTwoMoreThanItsWordHolds_Spills()
    {
        // 46043/65536 is one of six ratios whose store may hold 65537 after some steps, here 29, and was within its word before.
        long most = 0;
        for (int step = 0; step <= 28; step++)
            most = (most * 65536 + 65535) / 46043;
        Assert.That(most, Is.EqualTo(65537));
        var schedule = new SpillSchedule(Repeat(46043, 29), 1);
        Assert.That((schedule.BytesBefore(28, 0), schedule.BytesAt(28, 0)), Is.EqualTo((0, 1)));
    }

    [TestCase(0.98)]
    [TestCase(0.95)]
    [TestCase(0.9)]
    [TestCase(0.5)]
    [TestCase(0.1)]
    [TestCase(0.001)]
    public void SpilledBits_AreTheEntropy_OverALongRun(double momentum)
    {
        const int steps = 100_000;
        var ratio = DecayRatio.FromMomentum(momentum);
        double bits = 8.0 * new SpillSchedule(Repeat(ratio.Numerator, steps), 1).TotalBytes(0), entropy = steps * ratio.Entropy;
        // The 16 bits that stay resident are not spilled.
        Assert.That(bits, Is.InRange(entropy - 16, 1.05 * entropy));
    }

    [TestCase(1ul, 1, 64224)]
    [TestCase(2ul, 60000, 64224)]
    [TestCase(3ul, 30000, 50000)]
    public void SpilledBits_AreTheEntropy_OfAMomentumThatChangesEveryStep(ulong seed, int lowest, int highest)
    {
        var table = Random(seed, 20_000, lowest, highest);
        double bits = 8.0 * new SpillSchedule(table, 1).TotalBytes(0), entropy = table.Sum(ratio => ratio.Entropy);
        Assert.That(bits, Is.InRange(entropy - 16, 1.05 * entropy));
    }

    // In words of 32 bits M is 2³² − 1 after 32 halvings, and a byte is spilled at every eighth from there on.
    [Test]
    public void Schedule_OfHalvesInWordsOf32Bits_ByHand()
    {
        var schedule = new SpillSchedule([.. Enumerable.Repeat(new DecayRatio(1, 2), 60)], 1);
        Assert.That(schedule.WordBits, Is.EqualTo(32));
        Assert.That(Enumerable.Range(0, 60).Where(step => schedule.BytesAt(step, 0) > 0), Is.EqualTo(new[] { 32, 40, 48, 56 }));
    }

    [Test]
    public void Words_Have16Bits_WhereEveryRatioIsAMomentums()
    {
        Assert.That(new SpillSchedule(Repeat(60000, 10), 2).WordBits, Is.EqualTo(16));
        Assert.That(new SpillSchedule([.. Repeat(60000, 9), new(9, 10)], 2).WordBits, Is.EqualTo(32));
    }

    [TestCase(0.9)]
    [TestCase(0.999)]
#if !MUTATION
    // 35 million steps.
    [TestCase(0.99999)]
#endif
    public void SpilledBits_AreTheEntropy_OfASecondMoment(double decay)
    {
        var ratio = DecayRatio.Nearest(decay);
        int steps = (int)(500 / ratio.Entropy);
        double bits = 8.0 * new SpillSchedule([.. Enumerable.Repeat(ratio, steps)], 1).TotalBytes(0), entropy = steps * ratio.Entropy;
        Assert.That(bits, Is.InRange(entropy - 32, 1.05 * entropy));
    }

    [Test]
    public void RealStores_StayBelowTheBound_AndWithinTheirBits([Values(1ul, 2ul, 3ul, 4ul)] ulong seed, [Values] bool ofMomenta)
    {
        int d = ofMomenta ? DecayRatio.MomentumDenominator : DecayRatio.LargestDenominator;
        var table = Random(seed, 3_000, seed % 2 == 0 ? 1 : d / 65536 * 40_000, d, d);
        var schedule = new SpillSchedule(table, 1);
        var words = new Philox(seed, 99);
        ulong bound = 0, largest = 0, limit = (1ul << schedule.WordBits) - 1;
        var number = new ReversibleNumber();
        for (int step = 0; step < table.Length; step++)
        {
            // Any number may come along; its low digits are what the store takes. Every eighth has them as large as can be.
            number.Value = step % 8 == 0 ? -1 : (int)words.Word((ulong)step);
            number.Decay(table[step]);
            bound = (bound * (ulong)d + (ulong)d - 1) / (ulong)table[step].Numerator;
            Assert.That(number.Store, Is.LessThanOrEqualTo(bound), $"step {step}");
            for (int spill = 0; spill < schedule.BytesAt(step, 0); spill++, bound /= 256)
                number.Spill();
            Assert.That(bound, Is.LessThanOrEqualTo(limit), $"step {step}");
            largest = Math.Max(largest, number.Store);
        }
        Assert.That(largest, Is.InRange(limit / 65, limit), "the store was used");
    }

    private static DecayRatio[] Repeat(int numerator, int steps) =>
        [.. Enumerable.Repeat(new DecayRatio(numerator, DecayRatio.MomentumDenominator), steps)];

    private static DecayRatio[] Random(
        ulong seed, int steps, int lowest, int highest, int denominator = DecayRatio.MomentumDenominator)
    {
        var random = new Philox(seed);
        return [.. Enumerable.Range(0, steps)
            .Select(step => new DecayRatio(lowest + (int)(random.Uniform((ulong)step) * (highest - lowest + 1)), denominator))];
    }
}
