using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.MetaOptimization;

[TestFixture]
public sealed class StartSearchTests
{
    private static readonly TuningOptions Options = SmallTuning.Options(metaSteps: 2) with { StartTrials = 9 };

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Search_NeverEndsWorseThanTheRunAsStated_AndFindsBetter()
    {
        var poor = SmallTuning.Run(SmallTuning.Hyperparameters() with { InitialScale = Scale.Per(Sharing.Layer, 0.01) });
        var search = new StartSearch(poor, SmallTuning.Digits.Validation, Options);
        var trials = search.Run();
        double asStated = Training.Run(poor, [SmallTuning.Digits.Validation]).Evaluations[0][0].Loss;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trials, Has.Count.EqualTo(9));
            Assert.That(trials[0].Offsets, Is.All.Zero);
            // Through coordinates and back, a value may change in its last bit.
            Assert.That(trials[0].ValidationLoss, Is.EqualTo(asStated).Within(1e-5));
            Assert.That(StartSearch.Best(trials).ValidationLoss, Is.LessThan(0.99 * asStated));
        }
        var found = poor.With(poor.Hyperparameters!.WithVector(poor.Network, search.VectorOf(StartSearch.Best(trials))));
        Assert.That(Training.Run(found, [SmallTuning.Digits.Validation]).Evaluations[0][0].Loss,
            Is.EqualTo(StartSearch.Best(trials).ValidationLoss).Within(1e-6));
    }

    [Test]
    public void Constants_AreMovedAsOne_WithinTheirReach()
    {
        var run = SmallTuning.Run();
        var search = new StartSearch(run, SmallTuning.Digits.Validation, Options with { StartTrials = 30 });
        Assert.That(search.Constants.Select(constant => (constant.Quantity, constant.Count)), Is.EqualTo(new[]
        {
            (Quantity.LearningRate, 20), (Quantity.Momentum, 1), (Quantity.InitialWeights, 2),
        }));
        var trials = search.Run();
        double[] start = run.Hyperparameters!.ToVector(run.Network), moved = search.VectorOf(trials[1]);
        foreach (var (i, constant) in search.Constants.Index())
            for (int place = constant.First; place < constant.First + constant.Count; place++)
                Assert.That(moved[place] - start[place], Is.EqualTo(trials[1].Offsets[i]).Within(1e-12));
        // The first two thirds fill the box evenly: in every dimension some of them lie in each third of it.
        foreach (var (i, constant) in search.Constants.Index())
        {
            double[] spread = [.. trials.Skip(1).Take(19).Select(trial => trial.Offsets[i] / constant.Reach)];
            Assert.That(spread, Is.All.InRange(-1, 1));
            Assert.That(spread.Select(offset => (int)(1.5 * (offset + 1))).Distinct().Count(), Is.GreaterThanOrEqualTo(3));
        }
        // The last ones lie near the best.
        var best = StartSearch.Best([.. trials.SkipLast(1)]);
        foreach (var (i, constant) in search.Constants.Index())
            Assert.That(Math.Abs(trials[^1].Offsets[i] - best.Offsets[i]), Is.LessThan(0.6 * constant.Reach));
    }

    [Test]
    public void Tuning_StartsFromWhatWasFound_AndReportsIt()
    {
        var result = SmallTuning.Tuning(Options).Run();
        var search = result.StartSearch!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(search.Trials, Has.Count.EqualTo(9));
            Assert.That(result.Records[0].Validation.Mean, Is.EqualTo(search.Best.ValidationLoss).Within(1e-5));
            Assert.That(search.Best.ValidationLoss, Is.LessThan(search.LossBefore));
            Assert.That(result.Before.Validation.Mean, Is.EqualTo(search.LossBefore).Within(1e-5), "before is as stated");
            Assert.That(result.Start.Hyperparameters![Quantity.LearningRate]!.Values![0], Is.EqualTo(0.3).Within(1e-9));
            Assert.That(search.Changes, Does.Match("^learning rate × [0-9.]+, momentum [−+] [0-9.]+ in logits, initial scale × [0-9.]+$"));
            Assert.That(search.Duration.TotalSeconds, Is.GreaterThan(0));
        }
        Assert.That(SmallTuning.Tuning(SmallTuning.Options(metaSteps: 1)).Run().StartSearch, Is.Null);
    }

    [Test]
    public void Stopped_InTheSearch_GoesOnToTheSameBits()
    {
        var whole = SmallTuning.Tuning(Options).Run();
        var options = Options with { StateDirectory = folder.Path };
        // As if it had been killed after four trainings: what was saved then is all that is left.
        using var cancellation = new CancellationTokenSource();
        var search = new StartSearch(SmallTuning.Run(), SmallTuning.Digits.Validation, options);
        var tuning = SmallTuning.Tuning(options with { Cancellation = cancellation.Token });
        var stopping = Task.Run(() =>
        {
            while (!cancellation.IsCancellationRequested)
                if (File.Exists(folder.File("tuning.state")) && new FileInfo(folder.File("tuning.state")).Length > 0)
                    cancellation.Cancel();
        });
        Assert.That(tuning.Run, Throws.InstanceOf<OperationCanceledException>());
        stopping.Wait();
        var resumed = SmallTuning.Tuning(options).Run();
        SmallTuning.AssertSame(resumed, whole);
        Assert.That(resumed.StartSearch!.Trials.Select(trial => (trial.ValidationLoss, trial.Offsets[0])),
            Is.EqualTo(whole.StartSearch!.Trials.Select(trial => (trial.ValidationLoss, trial.Offsets[0]))));
        Assert.That(search.Run([.. resumed.StartSearch.Trials.Take(4)]).Select(trial => trial.ValidationLoss),
            Is.EqualTo(whole.StartSearch.Trials.Select(trial => trial.ValidationLoss)));
    }

    [Test]
    public void StateOfAnotherSearch_IsRefused()
    {
        _ = SmallTuning.Tuning(Options with { StateDirectory = folder.Path }).Run();
        Assert.That(() => SmallTuning.Tuning(Options with { StateDirectory = folder.Path, StartTrials = 5 }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("search for a start is 9 trainings, here it is 5 trainings"));
    }

    [Test]
    public void RunThatDivergesAsStated_StartsElsewhere()
    {
        var wild = SmallTuning.Run(SmallTuning.Hyperparameters() with
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(5, Sharing.Tensor, 1e8),
                Coefficient = Schedule.Constant(5, Sharing.All, 0.5),
            },
            L2 = Penalty.Per(Sharing.All, 1),
        });
        var search = new StartSearch(wild, SmallTuning.Digits.Validation, Options with { StartTrials = 24 });
        var trials = search.Run();
        Assert.That(trials[0].ValidationLoss, Is.NaN);
        Assert.That(StartSearch.Best(trials).ValidationLoss, Is.GreaterThan(0).And.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void WhatCannotBeSearched_IsRefused()
    {
        var examples = SmallTuning.Run(new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(5, Sharing.All, 0.3).Fixed(),
                Coefficient = Schedule.Constant(5, Sharing.All, 0.5).Fixed(),
            },
            ExampleWeights = ExampleWeights.All(),
        });
        Refusals.Configuration(() => SmallTuning.Tuning(Options, examples), "A search for a start moves the constants of the optimizer and "
            + "of the weights, and this run tunes none of them, only its examples. Leave the search out, or tune the learning rate too.");
        Refusals.Configuration(() => SmallTuning.Tuning(Options with { StartTrials = -1 }),
            "A search for a start of -1 trainings: it needs at least 1.");
    }
}
