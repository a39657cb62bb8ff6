using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class DatasetSplitTests
{
    [Test]
    public void Parts_ShareNothingAndHoldEverything()
    {
        var split = Numbered(103).Split(train: 0.5, validation: 0.25, test: 0.25);
        Assert.That((split.Train.Count, split.Validation.Count, split.Test!.Count), Is.EqualTo((52, 25, 26)));
        Assert.That(Numbers(split.Train).Concat(Numbers(split.Validation)).Concat(Numbers(split.Test)).Order(),
            Is.EqualTo(Enumerable.Range(0, 103)));
    }

    [Test]
    public void Parts_KeepEachInputWithItsTarget_AndWhatTheDatasetKnows()
    {
        var train = Numbered(40).Split(20, 10, 10).Train;
        Assert.That(Enumerable.Range(0, train.Count).All(i => train.Targets[i, 0] == 2 * train.Inputs[i, 0]), Is.True);
        Assert.That((train.ImageWidth, train.ClassNames), Is.EqualTo(((int?)1, (IReadOnlyList<string>)["only"])));
    }

    [Test]
    public void SameSeed_GivesTheSameParts_AnotherSeedOthers()
    {
        var data = Numbered(200);
        var validation = Numbers(data.Split(0.5, 0.5, 0, seed: 7).Validation);
        Assert.That(Numbers(data.Split(0.5, 0.5, 0, seed: 7).Validation), Is.EqualTo(validation));
        Assert.That(Numbers(data.Split(0.5, 0.5, 0, seed: 8).Validation), Is.Not.EqualTo(validation));
        Assert.That(Numbers(data.Split(100, 100, 0, seed: 7).Validation), Is.EqualTo(validation), "by count as by fraction");
    }

    [Test]
    public void NoTestPart_IsNull_AndFractionsBelowOneLeaveExamplesUnused()
    {
        var split = Numbered(100).Split(0.3, 0.2, 0);
        Assert.That((split.Train.Count, split.Validation.Count, split.Test), Is.EqualTo((30, 20, (Dataset?)null)));
        Assert.That(Numbered(100).Split(0.3, 0.2, 0.1).Test!.Count, Is.EqualTo(10));
    }

    [TestCase(0.7, 0.2, 0.1)]
    [TestCase(1.0 / 3, 1.0 / 3, 1.0 / 3)]
    public void FractionsThatSumToOne_UseEveryExampleWhateverTheirRounding(double train, double validation, double test)
    {
        for (int count = 10; count < 200; count++)
        {
            var split = Numbered(count).Split(train, validation, test);
            Assert.That(split.Train.Count + split.Validation.Count + split.Test!.Count, Is.EqualTo(count));
        }
    }

    [TestCase(0, 0.5, 0.5)]
    [TestCase(0.5, 0, 0.5)]
    [TestCase(0.5, 0.5, -0.1)]
    [TestCase(0.5, 0.5, 0.1)]
    [TestCase(double.NaN, 0.5, 0.1)]
    public void FractionsOutOfRange_AreRefused(double train, double validation, double test) => Assert.That(
        () => Numbered(100).Split(train, validation, test),
        Throws.TypeOf<ConfigurationException>().With.Message.Contains("fractions must be above 0, the test fraction 0 or above, and their "
            + "sum at most 1."));

    [Test]
    public void PartWithoutExamples_IsRefusedWithTheCounts() => Assert.That(() => Numbered(5).Split(0.8, 0.19, 0.01),
        Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("A split of 5 examples into fractions 0.8, 0.19 and 0.01 gives 4 for "
            + "training, 1 for validation and 0 for the test: each part asked for needs at least 1."));

    [Test]
    public void CountsThatDoNotFit_AreRefused()
    {
        Assert.That(() => Numbered(5).Split(3, 2, 1), Throws.TypeOf<ConfigurationException>().With.Message
            .EqualTo("A split into 3 training, 2 validation and 1 test examples needs 6; the dataset has 5."));
        Assert.That(() => Numbered(5).Split(int.MaxValue, int.MaxValue, 1),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("the dataset has 5."));
        Assert.That(() => Numbered(5).Split(3, 0, 1), Throws.TypeOf<ConfigurationException>().With.Message.Contains("training and "
            + "validation need at least 1 each"));
    }

    private static Dataset Numbered(int count) => new(
        new Table([.. Enumerable.Range(0, count).Select(i => (float)i)], 1),
        new Table([.. Enumerable.Range(0, count).Select(i => 2f * i)], 1))
    { ImageWidth = 1, ClassNames = ["only"] };

    private static int[] Numbers(Dataset data) => [.. data.Inputs.ToArray().Select(number => (int)number)];
}
