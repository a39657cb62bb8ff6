using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Tests.MetaOptimization;

namespace Hypergrad.Tests.Observability;

[TestFixture, NonParallelizable]
public sealed class MeasurementTests
{
    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new StoredMethod(), new DrMadMethod(), new CheckpointedMethod { Snapshots = 5 }];

    [TestCaseSource(nameof(Methods))]
    public void Hypergradient_CountsItsSteps_OnTheWayThereAndBack(HypergradientMethod method)
    {
        using var recorder = new MeasurementRecorder();
        var gradient = Hypergradient.Compute(SmallTuning.Run() with { Replicas = 2 }, SmallTuning.Digits.Validation, method);
        using (Assert.EnterMultipleScope())
        {
            // Five steps of two replicas; with a snapshot for each none is trained again.
            Assert.That(recorder.Sum("hypergrad.steps.trained"), Is.EqualTo(10));
            Assert.That(recorder.Sum("hypergrad.steps.reversed"), Is.EqualTo(10));
            Assert.That(recorder.Of("hypergrad.validation.loss"), Is.EqualTo(new[] { gradient.ValidationLoss }).Within(1e-12));
            foreach (string phase in new[] { "forward", "evaluation", "reverse" })
                Assert.That(recorder.Of("hypergrad.phase.duration", "hypergrad.phase", phase),
                    Has.Length.EqualTo(1).And.All.GreaterThan(0));
        }
    }

    [Test]
    public void StepsTrainedAgain_AreCountedAgain()
    {
        using var recorder = new MeasurementRecorder();
        _ = Hypergradient.Compute(SmallTuning.Run(), SmallTuning.Digits.Validation, new CheckpointedMethod { Snapshots = 1 });
        // From the one snapshot, at the start: 5 steps, and on the way back 4, 3, 2 and 1 again.
        Assert.That(recorder.Sum("hypergrad.steps.trained"), Is.EqualTo(15));
        Assert.That(recorder.Sum("hypergrad.steps.reversed"), Is.EqualTo(5));
    }

    [Test]
    public void BitsStored_AreThoseOfTheReport()
    {
        using var recorder = new MeasurementRecorder();
        // Long enough, and with little enough momentum, for bytes to be spilled.
        var run = SmallTuning.Run(SmallTuning.WithSteps(40, momentum: 0.1));
        var gradient = Hypergradient.Exact(run, SmallTuning.Digits.Validation);
        double bits = gradient.Reversal!.BitsPerWeightStep * run.Network.ParameterCount * run.Steps;
        Assert.That(bits, Is.GreaterThan(0));
        Assert.That(recorder.Sum("hypergrad.reversal.stored"), Is.EqualTo(bits).Within(1));
    }

    [Test]
    public void Tuning_CountsItsMetaSteps_ByWhatBecameOfThem()
    {
        using var recorder = new MeasurementRecorder();
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 8) with { MetaOptimizer = new SignDescent(1000) }).Run();
        var records = result.Records.SkipLast(1).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Select(record => record.Outcome).Distinct().Count(), Is.GreaterThan(1));
            foreach (var outcome in Enum.GetValues<MetaStepOutcome>())
                Assert.That(recorder.Sum("hypergrad.meta_steps", "hypergrad.outcome", outcome.ToString()),
                    Is.EqualTo(records.Count(record => record.Outcome == outcome)), outcome.ToString());
            Assert.That(recorder.Sum("hypergrad.meta_step.duration"), Is.EqualTo(records.Sum(record => record.Seconds)).Within(1e-9));
        }
    }
}
