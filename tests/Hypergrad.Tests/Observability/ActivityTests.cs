using System.Diagnostics;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Tests.MetaOptimization;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Observability;

[TestFixture]
public sealed class ActivityTests
{
    [Test]
    public void Tuning_IsATreeOfActivities_WithLossesStepsAndBackend()
    {
        using var recorder = new ActivityRecorder();
        var result = SmallTuning.Tuning(SmallTuning.Options(metaSteps: 2)).Run();
        string[] paths = [.. recorder.Ended.Select(recorder.PathOf)];
        string[] metaStep = ["forward", "evaluation", "reverse", ""];
        string[] expected =
        [
            .. Enumerable.Repeat(metaStep, 2).SelectMany(step => step.Select(
                phase => $"tuning/meta-step/hypergradient/{phase}".TrimEnd('/')).Append("tuning/meta-step")),
        ];
        // The end is judged by one training, or by two.
        Assert.That(paths.Take(expected.Length), Is.EqualTo(expected));
        Assert.That(paths[expected.Length..^1], Is.Not.Empty.And.All.StartsWith("tuning/training"));
        Assert.That(paths[^1], Is.EqualTo("tuning"));
        using (Assert.EnterMultipleScope())
        {
            var tuning = recorder.Named("tuning")[0];
            Assert.That(tuning.GetTagItem("hypergrad.meta_steps"), Is.EqualTo(2));
            Assert.That(tuning.GetTagItem("hypergrad.steps"), Is.EqualTo(5));
            Assert.That(tuning.GetTagItem("hypergrad.backend"), Is.EqualTo(Hypergrad.Backends.Backend.Best().Name));
            Assert.That(tuning.GetTagItem("hypergrad.network"), Is.EqualTo("784-4-10"));
            Assert.That(tuning.GetTagItem("hypergrad.validation_loss"), Is.EqualTo(result.After.Validation.Mean));
            Assert.That(recorder.Named("meta-step").Select(step => step.GetTagItem("hypergrad.validation_loss")),
                Is.EqualTo(result.Records.SkipLast(1).Select(record => record.Validation.Mean)));
            Assert.That(recorder.Named("meta-step").Select(step => step.GetTagItem("hypergrad.meta_step")), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(recorder.Named("forward").Select(phase => phase.GetTagItem("hypergrad.training_loss")), Is.All.GreaterThan(0.0));
            Assert.That(recorder.Named("reverse").Select(phase => phase.GetTagItem("hypergrad.exact")), Is.All.True);
            Assert.That(recorder.Ended.Select(activity => activity.Status), Is.All.EqualTo(ActivityStatusCode.Unset));
        }
    }

    [Test]
    public async Task MetaStepsOfAnAsyncTuning_BelongToIt_AndItToItsCaller()
    {
        using var recorder = new ActivityRecorder();
        var caller = Activity.Current;
        await foreach (var step in SmallTuning.Tuning(SmallTuning.Options(metaSteps: 2)).RunAsync())
            Assert.That(Activity.Current, Is.SameAs(caller), step.Record.ToString());
        Assert.That(recorder.Named("meta-step").Select(recorder.PathOf), Is.EqualTo(new[] { "tuning/meta-step", "tuning/meta-step" }));
        Assert.That(recorder.Named("tuning"), Has.Length.EqualTo(1));
    }

    [Test]
    public void Training_Alone_IsForwardAndEvaluation()
    {
        using var recorder = new ActivityRecorder();
        var outcome = Training.Run(SmallTuning.Run(), [SmallTuning.Digits.Validation, SmallTuning.Digits.Test!], new TrainingOptions());
        Assert.That(recorder.Ended.Select(recorder.PathOf), Is.EqualTo(new[] { "training/forward", "training/evaluation", "training" }));
        var evaluation = recorder.Named("evaluation")[0];
        Assert.That(evaluation.GetTagItem("hypergrad.validation_loss"), Is.EqualTo(outcome.Evaluations[0][0].Loss));
        Assert.That(evaluation.GetTagItem("hypergrad.test_loss"), Is.EqualTo(outcome.Evaluations[1][0].Loss));
        Assert.That(recorder.Named("training")[0].GetTagItem("hypergrad.precision"), Is.EqualTo("single"));
    }

    [Test]
    public void Divergence_EndsThePhaseWithAnError()
    {
        using var recorder = new ActivityRecorder();
        var run = SmallTuning.Run(SmallTuning.Hyperparameters().With(Quantity.LearningRate, Schedule.PerStep(5, Sharing.Tensor, 1e9)));
        Assert.That(() => Hypergradient.Exact(run, SmallTuning.Digits.Validation), Throws.TypeOf<TrainingDivergedException>());
        var failed = recorder.Ended.Where(activity => activity.Status == ActivityStatusCode.Error).ToArray();
        Assert.That(failed.Select(activity => activity.OperationName), Is.EqualTo(new[] { "forward" }));
        Assert.That(failed[0].StatusDescription, Does.StartWith("Training diverged at step"));
        Assert.That(failed[0].Events.Select(happened => happened.Name), Is.EqualTo(new[] { "exception" }));
    }

    [Test]
    public void WhereNobodyListens_NothingIsMade()
    {
        var before = Activity.Current;
        var run = SmallTuning.Run();
        _ = Hypergradient.Exact(run, SmallTuning.Digits.Validation, new()
        {
            Progress = new Callback<Hypergrad.Observability.RunProgress>(
            _ => Assert.That(Activity.Current, Is.SameAs(before)))
        });
        Assert.That(Activity.Current, Is.SameAs(before));
    }
}
