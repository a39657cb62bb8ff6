using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class TuningResultTests
{
    [TestCase(new[] { 0.6, 0.4, 0.3, 0.2 }, new[] { 0.7, 0.5, 0.52, 0.55 }, 1)]
    [TestCase(new[] { 0.6, 0.5 }, new[] { 0.7, 0.8 }, 0)]
    public void OverfittingSince_IsTheMetaStepOfTheLowestTestLoss(double[] validation, double[] test, int since) =>
        Assert.That(Result(validation, test).OverfittingSince, Is.EqualTo(since));

    [TestCase(new[] { 0.6, 0.4, 0.3 }, new[] { 0.7, 0.5, 0.4 }, TestName = "Both fall")]
    [TestCase(new[] { 0.6, 0.4, 0.5 }, new[] { 0.7, 0.5, 0.6 }, TestName = "Both rise")]
    [TestCase(new[] { 0.6, 0.4, 0.3 }, new[] { 0.7, 0.5, 0.504 }, TestName = "A rise of less than 1 %")]
    public void OverfittingSince_IsNothingWhere(double[] validation, double[] test) =>
        Assert.That(Result(validation, test).OverfittingSince, Is.Null);

    [Test]
    public void OverfittingSince_WithoutATestSet_IsNothing() => Assert.That(Result([0.6, 0.4, 0.2], null).OverfittingSince, Is.Null);

    [Test]
    public void BeforeAndAfter_AreTheFirstAndTheLastRecord()
    {
        var result = Result([0.6, 0.4, 0.2], null);
        Assert.That((result.Before.Validation.Mean, result.After.Validation.Mean), Is.EqualTo((0.6, 0.2)));
    }

    private static TuningResult Result(double[] validation, double[]? test)
    {
        MetaStepRecord[] records = [.. validation.Select((loss, m) => new MetaStepRecord
        {
            MetaStep = m,
            TrainingLoss = 0,
            Validation = new Estimate(loss, double.NaN),
            ValidationErrorRate = 0,
            Test = test is null ? null : new Estimate(test[m], double.NaN),
            GradientNorm = 0,
        })];
        var run = SmallTuning.Run();
        return new(run, run, records, [], []) { LearnedWeights = [] };
    }
}
