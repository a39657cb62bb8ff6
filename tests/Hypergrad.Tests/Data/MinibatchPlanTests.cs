using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class MinibatchPlanTests
{
    [Test]
    public void WithReplacement_IsTheDocumentedArithmetic()
    {
        var plan = MinibatchPlan.WithReplacement(exampleCount: 1000, batchSize: 7, seed: 42);
        for (int replica = 0; replica < 3; replica++)
        {
            var philox = new Philox(42, ((ulong)replica << 32) + 2);
            var expected = Enumerable.Range(0, 7).Select(i => (int)((ulong)philox.Word((ulong)(5 * 7 + i)) * 1000 >> 32));
            Assert.That(plan.Indices(step: 5, replica), Is.EqualTo(expected));
        }
    }

    [Test]
    public void WithReplacement_DrawsEveryExampleEquallyOften()
    {
        var plan = MinibatchPlan.WithReplacement(exampleCount: 50, batchSize: 200, seed: 8);
        var counts = new int[50];
        for (int step = 0; step < 500; step++)
            foreach (int example in plan.Indices(step))
                counts[example]++;
        double chiSquared = counts.Sum(count => (count - 2000.0) * (count - 2000.0) / 2000.0);
        Assert.That(chiSquared, Is.EqualTo(49).Within(50));
    }

    [TestCase(10, 3)]
    [TestCase(10, 10)]
    [TestCase(7, 24)]
    [TestCase(1, 4)]
    public void Shuffled_EveryEpochHoldsEveryExampleOnce(int exampleCount, int batchSize)
    {
        var plan = MinibatchPlan.Shuffled(exampleCount, batchSize, seed: 5);
        var examples = Enumerable.Range(0, 4 * exampleCount).SelectMany(step => plan.Indices(step)).ToArray();
        for (int epoch = 0; epoch < examples.Length / exampleCount; epoch++)
            Assert.That(examples.Skip(epoch * exampleCount).Take(exampleCount).Order(), Is.EqualTo(Enumerable.Range(0, exampleCount)),
                $"epoch {epoch}");
    }

    [Test]
    public void Shuffled_EpochsDiffer()
    {
        var plan = MinibatchPlan.Shuffled(exampleCount: 100, batchSize: 100, seed: 5);
        Assert.That(plan.Indices(0), Is.Not.EqualTo(plan.Indices(1)));
    }

    [Test]
    public void Shuffled_IsTheDocumentedArithmetic()
    {
        var plan = MinibatchPlan.Shuffled(exampleCount: 10, batchSize: 4, seed: 6);
        var epoch0 = new KeyedPermutation(10, 6, (1ul << 32) + 4, 0);
        var epoch1 = new KeyedPermutation(10, 6, (1ul << 32) + 4, 1);
        Assert.That(plan.Indices(step: 2, replica: 1), Is.EqualTo(new[] { epoch0[8], epoch0[9], epoch1[0], epoch1[1] }));
    }

    [Test]
    public void RandomPlans_DependOnSeedAndReplica_AndNotOnTheStepsBefore()
    {
        foreach (var plan in new[] { MinibatchPlan.WithReplacement(500, 20, 1), MinibatchPlan.Shuffled(500, 20, 1) })
        {
            var late = plan.Indices(1_000_000);
            Assert.That(plan.Indices(0), Is.Not.EqualTo(late));
            Assert.That(plan.Indices(1_000_000), Is.EqualTo(late));
            Assert.That(plan.Indices(1_000_000, replica: 1), Is.Not.EqualTo(late));
            Assert.That(plan.WithSeed(2).Indices(1_000_000), Is.Not.EqualTo(late));
            Assert.That(plan.WithSeed(1).Indices(1_000_000), Is.EqualTo(late));
            Assert.That(plan.Steps, Is.Null);
        }
    }

    [Test]
    public void LastStepOfTheLargestBatch_DoesNotOverflow()
    {
        foreach (var plan in new[] { MinibatchPlan.WithReplacement(int.MaxValue, 1_000, 1),
            MinibatchPlan.Shuffled(int.MaxValue, 1_000, 1) })
            Assert.That(plan.Indices(int.MaxValue), Is.All.InRange(0, int.MaxValue - 1));
    }

    [Test]
    public void Explicit_GivesItsBatchesToEveryReplica()
    {
        int[][] batches = [[0, 3], [2, 2, 1]];
        var plan = MinibatchPlan.Explicit(batches, exampleCount: 4);
        batches[0][0] = 99;
        Assert.That(plan.Indices(0, replica: 3), Is.EqualTo(new[] { 0, 3 }), "a copy was taken");
        Assert.That(plan.Indices(1), Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That((plan.Steps, plan.MaximumBatchSize, plan.BatchSize(0)), Is.EqualTo(((int?)2, 3, 2)));
    }

    [Test]
    public void FullBatch_IsEveryExampleInOrder() =>
        Assert.That(MinibatchPlan.FullBatch(4).Indices(17, replica: 2), Is.EqualTo(new[] { 0, 1, 2, 3 }));

    [Test]
    public void Indices_WritesOnlyItsOwnEntries()
    {
        var destination = new[] { -1, -1, -1, -1 };
        MinibatchPlan.FullBatch(2).Indices(0, 0, destination);
        Assert.That(destination, Is.EqualTo(new[] { 0, 1, -1, -1 }));
    }

    [Test]
    public void Explicit_IndexOutside_IsNamed()
    {
        int[][] batches = [[0], [1], [2], [0, 1, 2, 3, 4, 5, 6, 40]];
        Assert.That(() => MinibatchPlan.Explicit(batches, exampleCount: 32), Throws.TypeOf<ConfigurationException>().With.Message
            .EqualTo("batches[3][7] is 40: there are 32 training examples, numbered 0 to 31."));
        Assert.That(() => MinibatchPlan.Explicit([[0, -1]], exampleCount: 32), Throws.TypeOf<ConfigurationException>().With.Message
            .StartsWith("batches[0][1] is -1"));
    }

    [Test]
    public void Explicit_EmptyBatchOrNoSteps_IsRefused()
    {
        Assert.That(() => MinibatchPlan.Explicit([[0], []], 4), Throws.TypeOf<ConfigurationException>().With.Message
            .EqualTo("batches[1] is empty: every step needs at least one example."));
        Assert.That(() => MinibatchPlan.Explicit([], 4), Throws.TypeOf<ConfigurationException>().With.Message
            .EqualTo("batches is empty: a run needs at least one step."));
    }

    [Test]
    public void SizesBelowOne_AreRefused()
    {
        Assert.That(() => MinibatchPlan.Shuffled(10, 0, 1), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("A batch size "
            + "of 0"));
        Assert.That(() => MinibatchPlan.WithReplacement(10, -2, 1),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("A batch size of -2"));
        Assert.That(() => MinibatchPlan.FullBatch(0), Throws.TypeOf<ConfigurationException>().With.Message.Contains("over 0 examples"));
    }

    [Test]
    public void StepReplicaAndDestinationOutside_AreRefused()
    {
        var plan = MinibatchPlan.Explicit([[0, 1]], 2);
        Assert.That(() => plan.BatchSize(1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("The plan has 1 "
            + "steps."));
        Assert.That(() => plan.Indices(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => plan.Indices(0, replica: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => plan.Indices(0, 0, new int[1]), Throws.ArgumentException.With.Message.Contains("Step 0 has 2 examples; the "
            + "destination holds 1."));
    }
}
