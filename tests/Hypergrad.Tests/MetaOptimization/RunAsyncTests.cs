using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Observability;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>Tunings whose meta-steps are enumerated.</summary>
[TestFixture]
public sealed class RunAsyncTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task MetaSteps_AreThoseOfRun_AndCompleteEndsWithTheSameBits()
    {
        var whole = SmallTuning.Tuning(SmallTuning.Options()).Run();
        var tuning = SmallTuning.Tuning(SmallTuning.Options());
        var steps = new List<MetaStep>();
        await foreach (var step in tuning.RunAsync())
            steps.Add(step);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps.Select(step => SmallTuning.Bits(step.Record)),
                Is.EqualTo(whole.Records.SkipLast(1).Select(SmallTuning.Bits)));
            Assert.That(steps.Select(step => step.Hypergradient!.ValidationLoss),
                Is.EqualTo(steps.Select(step => step.Record.Validation.Mean)));
            Assert.That(steps.Select(step => step.MetaSteps), Is.All.EqualTo(4));
            Assert.That(steps[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
            Assert.That(steps[^1].Best[Quantity.LearningRate]!.Values, Is.EqualTo(tuning.LastGood![Quantity.LearningRate]!.Values));
        }
        SmallTuning.AssertSame(await tuning.CompleteAsync(), whole);
    }

    [Test]
    public async Task BreakingOut_LeavesWhatWasMade_AndAnyOfTheThreeGoesOn([Values] bool inAFolder, [Values(0, 1, 2)] int by)
    {
        var whole = SmallTuning.Tuning(SmallTuning.Options()).Run();
        var tuning = SmallTuning.Tuning(SmallTuning.Options(inAFolder ? folder.Path : null));
        await foreach (var step in tuning.RunAsync())
            if (step.Record.MetaStep == 1)
                break;
        Assert.That(tuning.MetaStepsDone, Is.EqualTo(2));
        // Let go: another object takes the folder.
        var next = inAFolder ? SmallTuning.Tuning(SmallTuning.Options(folder.Path)) : tuning;
        if (by == 0)
        {
            var rest = new List<int>();
            await foreach (var step in next.RunAsync())
                rest.Add(step.Record.MetaStep);
            Assert.That(rest, Is.EqualTo(new[] { 2, 3 }));
        }
        SmallTuning.AssertSame(by == 1 ? next.Run() : await next.CompleteAsync(), whole);
    }

    [Test]
    public async Task Cancellation_WithinAMetaStep_LosesThatOneAlone([Values] bool ofTheOptions)
    {
        var whole = SmallTuning.Tuning(SmallTuning.Options()).Run();
        using var cancellation = new CancellationTokenSource();
        int reversals = 0;
        var options = SmallTuning.Options(folder.Path) with
        {
            Cancellation = ofTheOptions ? cancellation.Token : default,
            RunProgress = new Callback<RunProgress>(progress =>
            {
                // In the midst of the way back of the third meta-step.
                if (progress is { Phase: RunPhase.Reverse, Done: 2 } && ++reversals == 3)
                    cancellation.Cancel();
            }),
        };
        var tuning = SmallTuning.Tuning(options);
        var made = new List<int>();
        Assert.That(async () =>
        {
            await foreach (var step in tuning.RunAsync(ofTheOptions ? default : cancellation.Token))
                made.Add(step.Record.MetaStep);
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(made, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(tuning.MetaStepsDone, Is.EqualTo(2));
        SmallTuning.AssertSame(await SmallTuning.Tuning(SmallTuning.Options(folder.Path)).CompleteAsync(), whole);
    }

    [Test]
    public async Task AskedForWithACancelledToken_ItHasBegun_AndNothingIsMade()
    {
        var tuning = SmallTuning.Tuning(SmallTuning.Options(folder.Path));
        var steps = tuning.RunAsync(new CancellationToken(true)).GetAsyncEnumerator();
        Assert.That(async () => await steps.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        await steps.DisposeAsync();
        Assert.That(tuning.MetaStepsDone, Is.Zero);
        Assert.That(async () => await tuning.CompleteAsync(new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task RunTwiceAtOnce_IsRefused_AndOnceAfterTheOtherIsNot()
    {
        var tuning = SmallTuning.Tuning(SmallTuning.Options());
        var steps = tuning.RunAsync().GetAsyncEnumerator();
        Assert.That(await steps.MoveNextAsync(), Is.True);
        Assert.That(tuning.Run, Throws.InvalidOperationException.With.Message.EqualTo(
            "This tuning is running already; wait for it, or stop it, before it is run again."));
        await steps.DisposeAsync();
        Assert.That(tuning.Run().Records, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task FolderOfAnotherTuning_IsRefusedAtItsFirstStep()
    {
        var first = SmallTuning.Tuning(SmallTuning.Options(folder.Path)).RunAsync().GetAsyncEnumerator();
        Assert.That(await first.MoveNextAsync(), Is.True);
        var second = SmallTuning.Tuning(SmallTuning.Options(folder.Path)).RunAsync().GetAsyncEnumerator();
        Assert.That(async () => await second.MoveNextAsync(), Throws.TypeOf<FolderInUseException>());
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Test]
    public async Task StepThatDiverges_HasNoHypergradient()
    {
        var options = SmallTuning.Options(metaSteps: 2) with { MetaOptimizer = new SignDescent(1000) };
        var steps = new List<MetaStep>();
        await foreach (var step in SmallTuning.Tuning(options).RunAsync())
            steps.Add(step);
        Assert.That(steps.Select(step => (step.Record.Outcome, step.Hypergradient is null)),
            Is.EqualTo(new[] { (MetaStepOutcome.Kept, false), (MetaStepOutcome.Diverged, true) }));
    }

    [Test]
    public async Task Patience_EndsTheEnumeration()
    {
        var options = SmallTuning.Options(metaSteps: 20) with { MetaOptimizer = new SignDescent(1000), Patience = 1 };
        int made = 0;
        await foreach (var _ in SmallTuning.Tuning(options).RunAsync())
            made++;
        Assert.That(made, Is.InRange(2, 19));
    }
}
