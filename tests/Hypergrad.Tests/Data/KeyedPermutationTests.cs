using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class KeyedPermutationTests
{
    [Test]
    public void EveryCountUpTo300_IsABijection()
    {
        for (int count = 1; count <= 300; count++)
        {
            var permutation = new KeyedPermutation(count, seed: (ulong)count, stream: 5);
            var values = Enumerable.Range(0, count).Select(i => permutation[i]).Order();
            Assert.That(values, Is.EqualTo(Enumerable.Range(0, count)), $"count {count}");
        }
    }

    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(65_537)]
    [TestCase(1_000_003)]
    public void LargeCount_IsABijection(int count)
    {
        var permutation = new KeyedPermutation(count, seed: 9, stream: 1);
        var seen = new bool[count];
        for (int i = 0; i < count; i++)
        {
            int value = permutation[i];
            Assert.That(seen[value], Is.False, $"{value} comes twice");
            seen[value] = true;
        }
    }

    [Test]
    public void LargestCount_StaysInsideAndRepeatsNothing()
    {
        var permutation = new KeyedPermutation(int.MaxValue, seed: 3, stream: 1);
        var indices = Enumerable.Range(0, 10_000).Concat(Enumerable.Range(int.MaxValue - 10_000, 10_000));
        var values = indices.Select(i => permutation[i]).ToArray();
        Assert.That(values, Is.All.InRange(0, int.MaxValue - 1));
        Assert.That(values.Distinct().Count(), Is.EqualTo(20_000));
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(6)]
    public void EveryOrderOfAFewThings_IsEquallyLikely(int count)
    {
        int orders = Enumerable.Range(1, count).Aggregate((a, b) => a * b);
        int draws = orders * 100;
        var seen = new Dictionary<string, int>();
        for (int draw = 0; draw < draws; draw++)
        {
            var permutation = new KeyedPermutation(count, seed: 17, stream: 2, number: (ulong)draw);
            string order = string.Join(' ', Enumerable.Range(0, count).Select(i => permutation[i]));
            seen[order] = seen.GetValueOrDefault(order) + 1;
        }
        Assert.That(seen, Has.Count.EqualTo(orders));
        AssertUniform(seen.Values, draws, orders);
    }

    [TestCase(10)]
    [TestCase(37)]
    [TestCase(64)]
    public void WhereAnEntryGoesAndWhereItsNeighbourGoes_AreUniform(int count)
    {
        int draws = count * (count - 1) * 30;
        var pairs = new int[count * count];
        for (int draw = 0; draw < draws; draw++)
        {
            var permutation = new KeyedPermutation(count, seed: (ulong)draw, stream: 4);
            pairs[permutation[3] * count + permutation[4]]++;
        }
        var possible = Enumerable.Range(0, count * count).Where(pair => pair / count != pair % count).Select(pair => pairs[pair]);
        AssertUniform(possible, draws, count * (count - 1));
    }

    [Test]
    public void SeedStreamAndNumber_EachChangeTheOrder()
    {
        int[] Order(ulong seed, ulong stream, ulong number)
        {
            var permutation = new KeyedPermutation(1000, seed, stream, number);
            return [.. Enumerable.Range(0, 1000).Select(i => permutation[i])];
        }

        var order = Order(1, 2, 3);
        Assert.That(Order(1, 2, 3), Is.EqualTo(order));
        foreach (var other in new[] { Order(2, 2, 3), Order(1, 3, 3), Order(1, 2, 4) })
            Assert.That(order.Zip(other).Count(pair => pair.First == pair.Second), Is.LessThan(12),
                "about 1 entry in 1000 stays by chance");
    }

    /// <summary>The answers come from a second implementation, in another language, written after the documentation alone.</summary>
    [Test]
    public void KnownAnswers_NeverChange()
    {
        var small = new KeyedPermutation(10, seed: 1, stream: 4);
        Assert.That(Enumerable.Range(0, 10).Select(i => small[i]), Is.EqualTo(new[] { 1, 6, 7, 2, 9, 3, 4, 0, 5, 8 }));
        var large = new KeyedPermutation(int.MaxValue, seed: 1, stream: 4, number: 7);
        Assert.That(new[] { large[0], large[1], large[int.MaxValue - 1] }, Is.EqualTo(new[] { 952202530, 660249206, 1217868266 }));
    }

    [Test]
    public void IndexOutside_IsRefused()
    {
        var permutation = new KeyedPermutation(10, seed: 1, stream: 4);
        Assert.That(() => permutation[10], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => permutation[-1], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new KeyedPermutation(0, 1, 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Chi-squared against the uniform distribution, five standard deviations either way.</summary>
    private static void AssertUniform(IEnumerable<int> counts, int draws, int cells)
    {
        double expected = (double)draws / cells;
        double chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);
        int freedom = cells - 1;
        Assert.That(chiSquared, Is.EqualTo(freedom).Within(5 * Math.Sqrt(2.0 * freedom)));
    }
}
