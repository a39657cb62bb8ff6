using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>The search by itself, on losses that are made up.</summary>
[TestFixture]
public sealed class SearchTests
{
    private static readonly double[] Gradient = [2, -1];

    [Test]
    public void StepThatHelps_IsKept_AndTheNextOneIsAsLong()
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var first = search.Take(Start(), Record(0, 3), Gradient);
        Assert.That(first.Vector, Is.EqualTo(new[] { 9.0, 20.5 }));
        var second = search.Take(first, Record(1, 2), Gradient);
        Assert.That((second.StepFactor, second.Best!.MetaStep, second.Records[1].Outcome), Is.EqualTo((1.0, 1, MetaStepOutcome.Kept)));
    }

    [Test]
    public void StepThatHarms_IsTakenBackToTheBest_AtHalfTheLength_AndGrowsAgain()
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var back = search.Take(search.Take(Start(), Record(0, 3), Gradient), Record(1, 3.001), [100, 100]);
        Assert.That((back.StepFactor, back.Best!.MetaStep, back.Records[1].Outcome), Is.EqualTo((0.5, 0, MetaStepOutcome.TakenBack)));
        Assert.That(back.Vector, Is.EqualTo(new[] { 9.5, 20.25 }));
        Assert.That(search.Take(back, Record(2, 1), Gradient).StepFactor, Is.EqualTo(0.625));
    }

    [Test]
    public void StepThatDiverges_IsTakenBack_AtAQuarterOfTheLength()
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var back = search.TakeDiverged(search.Take(Start(), Record(0, 3), Gradient), Record(1, double.NaN));
        Assert.That(back.Vector, Is.EqualTo(new[] { 9.75, 20.125 }));
        Assert.That(back.Records[1].Outcome, Is.EqualTo(MetaStepOutcome.Diverged));
    }

    [TestCase(0.1, 3.25, MetaStepOutcome.Kept)]
    [TestCase(0.1, 3.35, MetaStepOutcome.TakenBack)]
    [TestCase(double.NaN, 3.7, MetaStepOutcome.Kept)]
    [TestCase(double.NaN, 3.8, MetaStepOutcome.TakenBack)]
    public void WhereSeedsChange_WorseIsWhatTwoStandardErrorsDoNotExplain(double error, double loss, MetaStepOutcome expected)
    {
        var search = new Search(new Sgd(0.5), seedsChange: true);
        var next = search.Take(search.Take(Start(), Record(0, 3, error), Gradient), Record(1, loss, error), Gradient);
        Assert.That(next.Records[1].Outcome, Is.EqualTo(expected));
        Assert.That(next.Best!.MetaStep, Is.Zero);
    }

    private static TuningState Start() => new([], [10, 20], null, 1, new Sgd(0.5).Start(2), [], [], []);

    private static MetaStepRecord Record(int metaStep, double loss, double error = double.NaN) => new()
    {
        MetaStep = metaStep,
        TrainingLoss = loss,
        Validation = new(loss, error),
        ValidationErrorRate = double.NaN,
        GradientNorm = 1,
    };
}
