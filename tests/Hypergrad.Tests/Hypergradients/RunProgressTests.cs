using Hypergrad.Hypergradients;
using Hypergrad.Observability;
using Hypergrad.Runs;
using Hypergrad.Tests.MetaOptimization;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>What is told of a run while it is computed, and that it stops within a step when it is told to.</summary>
[TestFixture]
public sealed class RunProgressTests
{
    private const int Steps = 15;

    private static readonly HypergradientMethod[] Methods =
    [
        new ReversibleMethod(), new ReversibleMethod { VerifyEvery = 4 }, new StoredMethod(), new CheckpointedMethod { Snapshots = 3 },
        new DrMadMethod(), new DrMadMethod { ReverseSteps = 5 },
    ];

    private static TrainingRun Run => SmallTuning.Run(SmallTuning.WithSteps(Steps));

    [TestCaseSource(nameof(Methods))]
    public void Progress_GoesForwardThroughTraining_OnceThroughEvaluation_AndAllTheWayBack(HypergradientMethod method)
    {
        var told = new List<RunProgress>();
        _ = Hypergradient.Compute(Run, SmallTuning.Digits.Validation, method, new() { Progress = new Callback<RunProgress>(told.Add) });
        var forward = told.TakeWhile(progress => progress.Phase == RunPhase.Forward).ToArray();
        var reverse = told.Skip(forward.Length + 1).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(forward.Select(progress => progress.Done), Is.EqualTo(Enumerable.Range(0, Steps + 1)));
            Assert.That(told[forward.Length], Is.EqualTo(new RunProgress(RunPhase.Evaluation, 0, 0)));
            Assert.That(reverse.Select(progress => progress.Phase), Is.All.EqualTo(RunPhase.Reverse));
            Assert.That(reverse.Select(progress => progress.Done), Is.Ordered.Ascending.And.Unique);
            Assert.That((reverse[0].Done, reverse[^1].Done), Is.EqualTo((0, Steps)));
            Assert.That(reverse, Has.Length.GreaterThan(5));
            Assert.That(forward.Concat(reverse).Select(progress => progress.Steps), Is.All.EqualTo(Steps));
        }
    }

    [Test]
    public void LongRuns_TellTwentyTimes_NotEveryStep()
    {
        var told = new List<RunProgress>();
        var options = new TrainingOptions { Progress = new Callback<RunProgress>(told.Add) };
        _ = Training.Run(SmallTuning.Run(SmallTuning.WithSteps(200)), [SmallTuning.Digits.Validation], options);
        Assert.That(told.Where(progress => progress.Phase == RunPhase.Forward).Select(progress => progress.Done),
            Is.EqualTo(Enumerable.Range(0, 21).Select(i => 10 * i)));
    }

    [Test]
    public void BeingWatched_ChangesNoBit([ValueSource(nameof(Methods))] HypergradientMethod method)
    {
        var alone = Hypergradient.Compute(Run, SmallTuning.Digits.Validation, method);
        var watched = Hypergradient.Compute(
            Run, SmallTuning.Digits.Validation, method, new() { Progress = new Callback<RunProgress>(_ => { }) });
        Assert.That(watched.Coordinates, Is.EqualTo(alone.Coordinates));
        Assert.That(watched.TrainingLosses, Is.EqualTo(alone.TrainingLosses));
    }

    [Test]
    public void Cancellation_StopsWithinAStep(
        [ValueSource(nameof(Methods))] HypergradientMethod method, [Values] RunPhase phase, [Values(0, 6)] int done)
    {
        using var cancellation = new CancellationTokenSource();
        var told = new List<RunProgress>();
        bool IsThere(RunProgress progress) => progress.Phase == phase && progress.Done >= (phase == RunPhase.Evaluation ? 0 : done);
        var options = new HypergradientOptions
        {
            Cancellation = cancellation.Token,
            Progress = new Callback<RunProgress>(progress =>
            {
                told.Add(progress);
                if (IsThere(progress))
                    cancellation.Cancel();
            }),
        };
        Assert.That(() => Hypergradient.Compute(Run, SmallTuning.Digits.Validation, method, options),
            Throws.InstanceOf<OperationCanceledException>());
        // Nothing was done after it, that would have been told of.
        Assert.That(told.Count(IsThere), Is.EqualTo(1));
        Assert.That(IsThere(told[^1]), Is.True);
    }

    [Test]
    public void Training_StopsTooWhileItEvaluates()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new TrainingOptions
        {
            Cancellation = cancellation.Token,
            Progress = new Callback<RunProgress>(progress =>
            {
                if (progress.Phase == RunPhase.Evaluation)
                    cancellation.Cancel();
            }),
        };
        Assert.That(() => Training.Run(Run, [SmallTuning.Digits.Validation], options), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Prediction_AndJudging_StopBetweenBatches()
    {
        var outcome = Training.Run(Run, []);
        var model = Hypergrad.Models.TrainedModel.Of(Run, outcome.FinalWeights, null, Hypergrad.Tests.Models.ModelUnderTest.Provenance);
        var cancelled = new CancellationToken(true);
        Assert.That(() => model.Predict(SmallTuning.Digits.Test!.Inputs, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => model.Evaluate(SmallTuning.Digits.Test!, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(model.Predict(SmallTuning.Digits.Test!.Inputs, CancellationToken.None).Count, Is.EqualTo(30));
        using var forward = Hypergrad.Backends.Backend.Forward(Run.Network);
        var outputs = new float[30 * 10];
        Assert.That(() => forward.Evaluate(model.Weights[0], SmallTuning.Digits.Test!.Inputs, outputs, cancelled),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(outputs, Is.All.Zero);
    }
}
