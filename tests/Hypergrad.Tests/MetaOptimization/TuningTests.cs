using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class TuningTests
{
    [Test]
    public void Tuning_LowersTheValidationLoss_AndRecordsEveryUpdateAndTheEnd()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 6)).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Records.Select(record => record.MetaStep), Is.EqualTo(Enumerable.Range(0, 7)));
            Assert.That(result.After.Validation.Mean, Is.LessThan(result.Before.Validation.Mean));
            Assert.That(result.Records.SkipLast(1).Select(record => record.GradientNorm), Is.All.GreaterThan(0));
            Assert.That(result.Last.GradientNorm, Is.NaN);
            Assert.That(result.Records.Select(record => record.Test), Is.All.Not.Null);
            Assert.That(result.Records.Select(record => record.ValidationErrorRate), Is.All.InRange(0, 1));
            Assert.That(result.Records.SkipLast(1).Select(record => record.EntropyBitsPerWeightStep), Is.All.GreaterThan(0));
            Assert.That(result.FirstTrainingLosses, Has.Length.EqualTo(5));
            Assert.That(result.LastTrainingLosses, Has.Length.EqualTo(5).And.Not.EqualTo(result.FirstTrainingLosses));
        }
    }

    [Test]
    public void FirstRecord_IsTheHypergradientOfTheStart()
    {
        var record = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1)).Run().Before;
        var direct = Hypergradient.Exact(SmallTuning.Run(), SmallTuning.Digits.Validation);
        // Through coordinates and back, a value may change in its last bit.
        Assert.That(record.Validation.Mean, Is.EqualTo(direct.ValidationLoss).Within(1e-6));
        Assert.That(record.GradientNorm, Is.EqualTo(Math.Sqrt(direct.Coordinates.Sum(g => g * g))).Within(1e-4).Percent);
        Assert.That(record.TrainingLoss, Is.EqualTo(direct.TrainingLosses[^1]).Within(1e-6));
    }

    [Test]
    public void OneMetaStep_IsOneStepOfTheOptimizer()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1)).Run();
        OptimizerState? state = null;
        var stepped = new Adam(0.1).Step(Hypergradient.Exact(SmallTuning.Run(), SmallTuning.Digits.Validation), ref state);
        Assert.That(result.Learned.Hyperparameters![Quantity.LearningRate]!.Values,
            Is.EqualTo(stepped[Quantity.LearningRate]!.Values).Within(1e-12));
        Assert.That(result.Learned.Hyperparameters.InitialScale.Values, Is.EqualTo(stepped.InitialScale.Values).Within(1e-12));
        Assert.That(state!.Step, Is.EqualTo(1));
    }

    [Test]
    public void FixedSeed_TrainsFromTheSameWeightsAgain_FreshSeedsDoNot()
    {
        // Steps too small to be seen: the seed alone tells meta-steps apart.
        var still = SmallTuning.Options(metaSteps: 2) with { MetaOptimizer = new Sgd(1e-300) };
        var same = SmallTuning.Tuning(still).Run();
        var fresh = SmallTuning.Tuning(still with { FreshSeeds = true }).Run();
        Assert.That(same.Records.Select(record => record.Validation), Is.All.EqualTo(same.Before.Validation));
        Assert.That(fresh.Records[0].Validation.Mean, Is.Not.EqualTo(same.Records[0].Validation.Mean).Within(1e-5));
        Assert.That(fresh.Records[1].Validation.Mean, Is.Not.EqualTo(fresh.Records[0].Validation.Mean).Within(1e-5));
        Assert.That(fresh.Last.Validation.Mean, Is.Not.EqualTo(fresh.Records[1].Validation.Mean).Within(1e-5));
        SmallTuning.AssertSame(SmallTuning.Tuning(still with { FreshSeeds = true }).Run(), fresh);
    }

    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new CheckpointedMethod { Snapshots = 2 }, new StoredMethod(), new DrMadMethod()];

    // What the last record of a tuning says, one more meta-step says again: both train in the method's arithmetic.
    [Test]
    public void LastRecord_IsToTheBit_WhatALongerTuningRecordsThere(
        [ValueSource(nameof(Methods))] HypergradientMethod method, [Values] Hypergrad.Backends.Precision precision)
    {
        var options = SmallTuning.Options(metaSteps: 2) with { Method = method, Precision = precision };
        var run = SmallTuning.Run() with { Replicas = 2 };
        var last = SmallTuning.Tuning(options, run).Run().Last;
        var again = SmallTuning.Tuning(options with { MetaSteps = 3 }, run).Run().Records[2];
        Assert.That(SmallTuning.Bits(last), Is.EqualTo(SmallTuning.Bits(again with
        {
            GradientNorm = double.NaN,
            AdjointGrowth = null,
            Reversal = null,
        })));
    }

    [Test]
    public void Replicas_GiveStandardErrors_AndOneDoesNot()
    {
        var one = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1)).Run();
        var three = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1), SmallTuning.Run() with { Replicas = 3 }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(one.Records.Select(record => record.Validation.StandardError), Is.All.NaN);
            Assert.That(three.Records.Select(record => record.Validation.StandardError), Is.All.GreaterThan(0));
            Assert.That(three.Records.Select(record => record.Test!.Value.StandardError), Is.All.GreaterThan(0));
        }
    }

    [Test]
    public void Progress_IsToldAfterEveryMetaStep_WithTheTimeLeft()
    {
        var told = new List<TuningProgress>();
        _ = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 3) with { Progress = new Listener(told.Add) }).Run();
        Assert.That(told.Select(progress => (progress.Record.MetaStep, progress.MetaSteps)), Is.EqualTo(new[] { (0, 3), (1, 3), (2, 3) }));
        Assert.That(told.SkipLast(1).Select(progress => progress.Remaining), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(told[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void WithoutATestSet_NothingIsJudged()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1) with { Test = null }).Run();
        Assert.That(result.Records.Select(record => (record.Test, record.TestErrorRate)), Is.All.EqualTo(((Estimate?)null, (double?)null)));
    }

    [Test]
    public void TooLargeAMetaStep_IsTakenBackAndShortened_UntilItFits()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 12) with { MetaOptimizer = new SignDescent(1000) }).Run();
        Assert.That(result.Records[1].Outcome, Is.EqualTo(MetaStepOutcome.Diverged));
        Assert.That(result.Records[^1].StepFactor, Is.LessThan(0.01));
        Assert.That(result.After.Validation.Mean, Is.LessThan(result.Before.Validation.Mean));
    }

    [Test]
    public void WorseSteps_AreTakenBack_AndTheLossThatIsLeftIsTheLowest()
    {
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 30) with { MetaOptimizer = new Adam(1) }).Run();
        double[] losses = [.. result.Records.Where(record => double.IsFinite(record.Validation.Mean)).Select(
            record => record.Validation.Mean)];
        Assert.That(result.Records.Select(record => record.Outcome), Has.Some.EqualTo(MetaStepOutcome.TakenBack));
        Assert.That(result.After.Validation.Mean, Is.EqualTo(losses.Min()));
        // What is kept never rises, where the seeds are the same.
        double[] kept = [.. result.Records.Where(record => record.Outcome == MetaStepOutcome.Kept).Select(
            record => record.Validation.Mean)];
        Assert.That(kept, Is.Ordered.Descending);
    }

    [Test]
    public void Divergence_NamesStepAndTensor()
    {
        var run = SmallTuning.Run(SmallTuning.Hyperparameters().With(Quantity.LearningRate, Schedule.PerStep(5, Sharing.Tensor, 1e9)));
        var raised = Assert.Throws<TrainingDivergedException>(() => SmallTuning.Tuning(SmallTuning.Options(), run).Run());
        Assert.That(raised!.Tensor, Does.Match("^[Wb][12]$"));
        Assert.That(raised.Message, Does.StartWith($"Training diverged at step {raised.Step} in {raised.Tensor}: "));
    }

    [Test]
    public void Settings_ThatMakeNoSense_AreRefusedBeforeWorkStarts()
    {
        var @fixed = new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(5, Sharing.All, 0.1).Fixed(),
                Coefficient = Schedule.Constant(5, Sharing.All, 0.5).Fixed()
            }
        };
        var other = new Hypergrad.Data.Dataset(new(new double[] { 1, 2 }, 2), new(new double[] { 1 }, 1));
        using (Assert.EnterMultipleScope())
        {
            Refused(() => SmallTuning.Tuning(SmallTuning.Options(metaSteps: 0)), "0 meta-steps: there must be at least 1.");
            Refused(() => SmallTuning.Tuning(SmallTuning.Options(), SmallTuning.Run(@fixed)),
                "Every hyperparameter is fixed; leave at least one to be tuned.");
            Refused(() => SmallTuning.Tuning(SmallTuning.Options(), SmallTuning.Run() with { BatchSize = 0 }), "A batch size of 0: ");
            Refused(() => SmallTuning.Tuning(SmallTuning.Options(), SmallTuning.Run() with { Replicas = 0 }), "0 replicas: ");
            Refused(() => new Tuning(SmallTuning.Run(), other), "The validation inputs have 2 numbers and the network 784-4-10 takes 784");
            Refused(() => SmallTuning.Tuning(SmallTuning.Options() with { Test = other }), "The test inputs have 2 numbers");
        }

        static void Refused(Func<Tuning> make, string message) =>
            Assert.That(make, Throws.TypeOf<ConfigurationException>().With.Message.StartsWith(message));
    }

    private sealed class Listener(Action<TuningProgress> told) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => told(value);
    }
}
