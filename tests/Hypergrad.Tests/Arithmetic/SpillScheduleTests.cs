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
        DecayRatio[] table = [.. Enumerable.Range(0, 60).SelectMany(_ => (DecayRatio[])[new(65536), new(32768), new(1)])];
        var schedule = new SpillSchedule(table, 3);
        Assert.That((schedule.Steps, schedule.Groups), Is.EqualTo((60, 3)));
        for (int step = 0; step < 60; step++)
        {
            Assert.That(schedule.BytesAt(step, 0), Is.Zero);
            Assert.That(schedule.BytesAt(step, 1), Is.EqualTo(new SpillSchedule(Repeat(32768, 60), 1).BytesAt(step, 0)));
            Assert.That(schedule.BytesAt(step, 2), Is.EqualTo(step == 0 ? 0 : 2));
        }
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

    [Test]
    public void RealStores_StayBelowTheBound_AndWithinTheirBits([Values(1ul, 2ul, 3ul, 4ul)] ulong seed)
    {
        var table = Random(seed, 3_000, seed % 2 == 0 ? 1 : 40_000, 65536);
        var schedule = new SpillSchedule(table, 1);
        var words = new Philox(seed, 99);
        ulong bound = 0, largest = 0;
        var weight = new ReversibleWeight();
        for (int step = 0; step < table.Length; step++)
        {
            // Any velocity may come along; its low digits are what the store takes. Every eighth has them as large as can be.
            weight.Velocity = step % 8 == 0 ? -1 : (int)words.Word((ulong)step);
            weight.Decay(table[step]);
            bound = (bound * 65536 + 65535) / (ulong)table[step].Numerator;
            Assert.That(weight.Digits, Is.LessThanOrEqualTo(bound), $"step {step}");
            for (int spill = 0; spill < schedule.BytesAt(step, 0); spill++, bound /= 256)
                weight.Spill();
            Assert.That(bound, Is.LessThanOrEqualTo(65535), $"step {step}");
            largest = Math.Max(largest, weight.Digits);
        }
        Assert.That(largest, Is.InRange(1000, 65535), "the store was used");
    }

    private static DecayRatio[] Repeat(int numerator, int steps) => [.. Enumerable.Repeat(new DecayRatio(numerator), steps)];

    private static DecayRatio[] Random(ulong seed, int steps, int lowest, int highest)
    {
        var random = new Philox(seed);
        return [.. Enumerable.Range(0, steps).Select(step => new DecayRatio(lowest + (int)(random.Uniform((ulong)step) * (highest - lowest + 1))))];
    }
}
