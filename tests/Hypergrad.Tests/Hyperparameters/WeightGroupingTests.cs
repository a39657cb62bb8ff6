using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Tests.Hyperparameters;

[TestFixture]
public sealed class WeightGroupingTests
{
    // 2-3-1: W1 is [2 × 3], b1 3, W2 [3 × 1], b2 1.
    private static readonly Network Network = Network.Mlp([2, 3, 1]);

    [TestCase(Sharing.All, new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, new[] { "all" })]
    [TestCase(Sharing.Layer, new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1 }, new[] { "layer 1", "layer 2" })]
    [TestCase(Sharing.Tensor, new[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3 }, new[] { "W1", "b1", "W2", "b2" })]
    [TestCase(
        Sharing.Unit, new[] { 0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 3, 3, 3 },
        new[] { "unit 1 of layer 1", "unit 2 of layer 1", "unit 3 of layer 1", "unit 1 of layer 2" })]
    [TestCase(
        Sharing.Input, new[] { 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 5, 6 },
        new[] { "input 1 of layer 1", "input 2 of layer 1", "b1", "input 1 of layer 2", "input 2 of layer 2", "input 3 of layer 2", "b2" })]
    public void Groups_ByHand(Sharing sharing, int[] groups, string[] names)
    {
        var grouping = new WeightGrouping(Network, sharing);
        Assert.That(grouping.Count, Is.EqualTo(names.Length));
        Assert.That(Enumerable.Range(0, grouping.Count).Select(grouping.NameOf), Is.EqualTo(names));
        Assert.That(Enumerable.Range(0, grouping.Count).Select(grouping.SizeOf),
            Is.EqualTo(names.Select((_, k) => groups.Count(group => group == k))));

        var spread = new double[13];
        grouping.Spread([.. Enumerable.Range(0, grouping.Count).Select(k => (double)k)], spread);
        Assert.That(spread, Is.EqualTo(groups));
        double[] weights = [.. Enumerable.Range(0, 13).Select(j => Math.Pow(2, j))], sums = new double[grouping.Count];
        grouping.Sum(weights, sums);
        Assert.That(sums, Is.EqualTo(names.Select((_, k) => weights.Where((_, j) => groups[j] == k).Sum())));
    }

    [Test]
    public void Weight_GivesEachItsOwn()
    {
        var grouping = new WeightGrouping(Network, Sharing.Weight);
        var spread = new double[13];
        grouping.Spread([.. Enumerable.Range(0, 13).Select(k => (double)k)], spread);
        Assert.That(spread, Is.EqualTo(Enumerable.Range(0, 13)));
        Assert.That((grouping.NameOf(7), grouping.NameOf(12)), Is.EqualTo(("weight 2 of b1", "weight 1 of b2")));
        Assert.That(() => grouping.NameOf(13),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("There are 13 groups."));
    }

    [Test]
    public void Sharing_ThatIsNotThere_IsRefused() =>
        Refusals.Configuration(() => _ = new WeightGrouping(Network, (Sharing)9), "There is no sharing 9.");
}
