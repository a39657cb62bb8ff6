using Hypergrad.Data;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>The search by itself, on losses that are made up.</summary>
[TestFixture]
public sealed class SearchTests
{
    private static readonly double[] Gradient = [2, -1];

    // The first step is the meta-optimizer's own: 0.5·(2, −1) down, of which 1.25 is predicted, half of it taken up by the curvature.
    [Test]
    public void StepThatDoesWhatWasPredicted_IsKept_AndTheNextMayGoAsFar()
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var first = search.Take(Start(), Record(0, 3), Gradient);
        Assert.That(first.Vector, Is.EqualTo(new[] { 9.0, 20.5 }));
        Assert.That(first.PredictedDecrease, Is.EqualTo(2.5));
        var second = search.Take(first, Record(1, 2), Gradient);
        Assert.That((second.StepFactor, second.Best!.MetaStep, second.Records[1].Outcome), Is.EqualTo((1.0, 1, MetaStepOutcome.Kept)));
        Assert.That((second.Records[1].PredictedDecrease, second.Current), Is.EqualTo((2.5, second.Best)));
    }

    [Test]
    public void StepThatHarms_IsTakenBackToTheBest_AtHalfTheLength()
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var back = search.Take(search.Take(Start(), Record(0, 3), Gradient), Record(1, 3.001), [2, -1]);
        Assert.That((back.StepFactor, back.Best!.MetaStep, back.Records[1].Outcome), Is.EqualTo((0.5, 0, MetaStepOutcome.TakenBack)));
        Assert.That(back.Current, Is.EqualTo(back.Best));
        Assert.That(Vectors.RootMeanSquare(Vectors.Add(back.Vector, -1, [10, 20])), Is.EqualTo(0.25 * Math.Sqrt(2.5)).Within(1e-12));
    }

    [TestCase(0.9, 0.75)]
    [TestCase(0.7, 0.5)]
    [TestCase(0.5, 0.5)]
    [TestCase(0.1, 0.25)]
    public void RatioOfActualToPredictedDecrease_SaysHowFarTheNextStepMayGo(double fraction, double expected)
    {
        var search = new Search(new Sgd(0.5), seedsChange: false);
        var first = search.Take(Start() with { StepFactor = 0.5 }, Record(0, 3), Gradient);
        double next = search.Take(first, Record(1, 3 - fraction * first.PredictedDecrease), [1.9, -0.95]).StepFactor;
        Assert.That(next, Is.EqualTo(expected));
    }

    // F = ½(x² + 400 y²): from the second step on the model knows the steep direction, which gradient descent at this rate never survives.
    [Test]
    public void NarrowValley_IsFollowedToItsGround()
    {
        var search = new Search(new Sgd(0.1), seedsChange: false);
        var state = Start();
        for (int m = 0; m < 40; m++)
        {
            double x = state.Vector[0], y = state.Vector[1];
            state = search.Take(state, Record(m, 0.5 * (x * x + 400 * y * y)), [x, 400 * y]);
        }
        // From 80050.
        Assert.That(state.Best!.Validation.Mean, Is.LessThan(1));
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

    // Losses that differ by their seeds alone: the best of them is the luckiest, and hardly any of the others is worse than that.
    [Test]
    public void WhereSeedsChange_LuckIsNoHarm_HoweverLongItLasts_AndHarmIs()
    {
        const double error = 0.1;
        var search = new Search(new Sgd(1e-6), seedsChange: true);
        var (state, luck) = (Start(), new double[400]);
        new Philox(7, 0).Normal(luck);
        for (int m = 0; m < luck.Length; m++)
            state = search.Take(state, Record(m, 3 + error * luck[m], error * (m % 3 + 1) / 2), Gradient);
        Assert.That(state.Records.Count(record => record.Outcome == MetaStepOutcome.TakenBack), Is.AtMost(10), "of 400");
        Assert.That(state.StepFactor, Is.EqualTo(1));
        Assert.That(state.Best!.Validation.Mean, Is.LessThan(3 - 2.5 * error), "luck that makes four in ten of the others worse by 2.8 errors");
        var harmed = search.Take(state, Record(luck.Length, 3 + 5 * error, error), Gradient);
        Assert.That(harmed.Records[^1].Outcome, Is.EqualTo(MetaStepOutcome.TakenBack));
        Assert.That(harmed.StepFactor, Is.EqualTo(0.5));
    }

    // By the meta-optimizer's direction, and by the model's where steps were shortened: the n-th goes 1/(1 + n/4) as far.
    [TestCase(1.0)]
    [TestCase(0.25)]
    public void StepSize_Decays_WhateverIsTrusted(double trust)
    {
        double[] steep = [2000, -1000];
        Search with = new(new SignDescent(0.5), seedsChange: false, decay: 4), without = new(new SignDescent(0.5), seedsChange: false);
        var state = with.Take(Start(), Record(0, 3), steep);
        Assert.That(state.Vector, Is.EqualTo(without.Take(Start(), Record(0, 3), steep).Vector), "the first in whole");
        for (int n = 1; n <= 12; n++)
        {
            state = state with { StepFactor = trust };
            var (decayed, whole) = (with.Take(state, Record(n, 3 - 0.01 * n), steep), without.Take(state, Record(n, 3 - 0.01 * n), steep));
            double[] Step(TuningState next) => [.. next.Vector.Zip(state.Vector, (to, from) => to - from)];
            Close.Assert(Step(decayed), [.. Step(whole).Select(change => change / (1 + n / 4.0))], 1e-12, $"step {n}");
            state = decayed;
        }
    }

    // One training that went astray does not make what is worse pass for luck.
    [Test]
    public void WhereSeedsChange_TheMiddleErrorCounts()
    {
        var search = new Search(new Sgd(0.5), seedsChange: true);
        var state = search.Take(Start(), Record(0, 3, 0.1), Gradient);
        state = search.Take(state, Record(1, 50, 40), Gradient);
        state = search.Take(state, Record(2, 3, 0.1), Gradient);
        state = search.Take(state, Record(3, 3.6, 0.1), Gradient);
        Assert.That(state.Records.Select(record => record.Outcome), Is.EqualTo(new[]
        {
            MetaStepOutcome.Kept, MetaStepOutcome.TakenBack, MetaStepOutcome.Kept, MetaStepOutcome.TakenBack,
        }));
    }

    private static TuningState Start() => TuningState.Start([], [10, 20], new Sgd(0.5), []);

    private static MetaStepRecord Record(int metaStep, double loss, double error = double.NaN) => new()
    {
        MetaStep = metaStep,
        TrainingLoss = loss,
        Validation = new(loss, error),
        ValidationErrorRate = double.NaN,
        GradientNorm = 1,
    };
}
