using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class DatasetSummaryTests
{
    [Test]
    public void Describe_CountsAndMeasures()
    {
        var inputs = new Table([1f, 7, 2, 7, 1, 7, 4, 7], 2);
        var targets = new Table([1f, 0, 0, 0.25f, 0.75f, 0, 0, 1, 0, 1, 0, 0], 3);
        var summary = DatasetSummary.Describe(new Dataset(inputs, targets) { ImageWidth = 2, ClassNames = ["a", "b", "c"] });
        Assert.That((summary.Count, summary.InputSize, summary.TargetSize), Is.EqualTo((4, 2, 3)));
        Assert.That((summary.ImageWidth, summary.ImageHeight, summary.IsDouble), Is.EqualTo(((int?)2, (int?)1, false)));
        Assert.That(summary.Classes, Is.EqualTo(new[] { new ClassCount("a", 2), new ClassCount("b", 2), new ClassCount("c", 0) }));
        Assert.That((summary.SoftTargets, summary.ConstantFeatures, summary.Duplicates), Is.EqualTo(((int?)1, 1, 1)));
        Assert.That((summary.Minimum, summary.Maximum, summary.Mean), Is.EqualTo((1.0, 7.0, 4.5)));
        Assert.That(summary.StandardDeviation, Is.EqualTo(
            Math.Sqrt((2 * 3.5 * 3.5 + 2.5 * 2.5 + 0.5 * 0.5 + 4 * 2.5 * 2.5) / 8)).Within(1e-12));
    }

    [Test]
    public void Regression_HasNoClasses()
    {
        var summary = DatasetSummary.Describe(new Dataset(new Table([1.0, 2], 1), new Table([3.0, 4], 1)));
        Assert.That((summary.Classes, summary.SoftTargets, summary.IsDouble),
            Is.EqualTo(((IReadOnlyList<ClassCount>?)null, (int?)null, true)));
    }

    [Test]
    public void Duplicates_AreEveryRepeatOfAnEarlierRow()
    {
        // 0 and -0 are equal; rows that differ in one number or in their order are not.
        var inputs = new Table([0.0, 1, -0.0, 1, 1, 0, 0, 1, 0, 2], 2);
        Assert.That(DuplicateRows.Count(inputs), Is.EqualTo(2));
    }

    [Test]
    public void Duplicates_AmongManyRows_AreCounted()
    {
        var random = new Philox(3);
        var inputs = new double[20_000];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.Word((ulong)i) % 100;
        var distinct = Enumerable.Range(0, 10_000).Select(i => (inputs[2 * i], inputs[2 * i + 1])).Distinct().Count();
        Assert.That(DuplicateRows.Count(new Table(inputs, 2)), Is.EqualTo(10_000 - distinct));
    }
}
