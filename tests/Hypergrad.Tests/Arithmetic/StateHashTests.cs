using Hypergrad.Arithmetic;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Data;

namespace Hypergrad.Tests.Arithmetic;

[TestFixture]
public sealed unsafe class StateHashTests
{
    [Test]
    public void Mix_IsSplitMix64()
    {
        // The first three outputs of SplitMix64 from seed 1234567, as its authors' reference program prints them.
        const long seed = 1234567;
        Assert.That(StateHash.Mix(seed, 0), Is.EqualTo(6457827717110365317ul));
        Assert.That(StateHash.Mix(seed, 1), Is.EqualTo(3203168211198807973ul));
        Assert.That(StateHash.Mix(seed, 2), Is.EqualTo(9817491932198370423ul));
    }

    [Test]
    public void Of_SumsTheContributions()
    {
        long[] values = [5, -7, long.MinValue];
        Assert.That(StateHash.Of(values),
            Is.EqualTo(unchecked(StateHash.Mix(5, 0) + StateHash.Mix(-7, 1) + StateHash.Mix(long.MinValue, 2))));
        Assert.That(StateHash.Of([]), Is.Zero);
    }

    [Test]
    public void Of_SeesEveryBitAndEveryPlace()
    {
        var values = Numbers(100);
        ulong hash = StateHash.Of(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] ^= 1L << i % 64;
            Assert.That(StateHash.Of(values), Is.Not.EqualTo(hash), $"value {i}");
            values[i] ^= 1L << i % 64;
        }
        (values[3], values[4]) = (values[4], values[3]);
        Assert.That(StateHash.Of(values), Is.Not.EqualTo(hash));
    }

    [Test]
    public void Vectors_HashTheSame([Values(0, 1, 7, 8, 9, 63, 64, 1001)] int count)
    {
        var values = Numbers(count);
        fixed (long* start = values)
            Assert.That(HashVectors.Of(start, count), Is.EqualTo(StateHash.Of(values)));
    }

    private static long[] Numbers(int count)
    {
        var random = new Philox(5);
        return [.. Enumerable.Range(0, count).Select(i => (long)random.Word((ulong)(2 * i)) << 32 | random.Word((ulong)(2 * i + 1)))];
    }

    [TestCase(0)]
    [TestCase(13)]
    [TestCase(700)]
    public unsafe void WordsOfAnArray_HashedInTwoParts_AsTheWholeArray(int cut)
    {
        var random = new Random(cut);
        var (small, large) = (new ushort[1_300], new uint[1_300]);
        for (int i = 0; i < small.Length; i++)
            (small[i], large[i]) = ((ushort)random.Next(), (uint)random.Next());
        fixed (ushort* words = small)
            Assert.That(
                HashVectors.Of(words, cut, 0) + HashVectors.Of(words + cut, small.Length - cut, cut),
                Is.EqualTo(StateHash.Of([.. small.Select(word => (long)word)])));
        fixed (uint* words = large)
            Assert.That(
                HashVectors.Of(words, cut, 0) + HashVectors.Of(words + cut, large.Length - cut, cut),
                Is.EqualTo(StateHash.Of([.. large.Select(word => (long)word)])));
    }
}
