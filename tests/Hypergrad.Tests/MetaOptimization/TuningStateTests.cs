using System.Security.Cryptography;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.MetaOptimization;

/// <summary>Tunings that are stopped and go on.</summary>
[TestFixture]
public sealed class TuningStateTests
{
    private static readonly MetaOptimizer[] Optimizers = [new Adam(0.1), new RmsProp(0.1), new Sgd(0.1) { Momentum = 0.9 },
        new SignDescent(0.1)];

    private TemporaryFolder folder = null!;

    private string StatePath => folder.File("tuning.state");

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(Optimizers))]
    public void Extended_EndsWithTheBitsOfATuningInOnePiece(MetaOptimizer optimizer)
    {
        var options = SmallTuning.Options() with { MetaOptimizer = optimizer, FreshSeeds = true };
        var whole = SmallTuning.Tuning(options).Run();
        foreach (int metaSteps in new[] { 1, 3, 4 })
        {
            var part = SmallTuning.Tuning(options with { MetaSteps = metaSteps, StateDirectory = folder.Path });
            Assert.That(part.Run().Records, Has.Count.EqualTo(metaSteps + 1));
            Assert.That(part.MetaStepsDone, Is.EqualTo(metaSteps));
        }
        SmallTuning.AssertSame(SmallTuning.Tuning(options with { StateDirectory = folder.Path }).Run(), whole);
    }

    [Test]
    public void Cancelled_AtAnyMetaStep_GoesOnToTheSameBits()
    {
        var whole = SmallTuning.Tuning(SmallTuning.Options()).Run();
        for (int at = 0; at < 3; at++)
        {
            using var cancellation = new CancellationTokenSource();
            int stop = at;
            var options = SmallTuning.Options(folder.Path) with
            {
                Cancellation = cancellation.Token,
                Progress = new Canceller(record => record.MetaStep == stop, cancellation),
            };
            var tuning = SmallTuning.Tuning(options);
            Assert.That(tuning.Run, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(tuning.MetaStepsDone, Is.EqualTo(at + 1));
        }
        SmallTuning.AssertSame(SmallTuning.Tuning(SmallTuning.Options(folder.Path)).Run(), whole);
    }

    [Test]
    public void StoppedInItsFirstMetaStep_HasBegun_AndGoesOnToTheSameBits()
    {
        var tuning = SmallTuning.Tuning(SmallTuning.Options(folder.Path) with { Cancellation = new(true) });
        Assert.That((Tuning.IsKeptIn(folder.Path), tuning.MetaStepsDone), Is.EqualTo((false, (int?)null)));
        Assert.That(tuning.Run, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((Tuning.IsKeptIn(folder.Path), tuning.MetaStepsDone, tuning.LastGood),
            Is.EqualTo((true, (int?)0, (HyperparameterSet?)null)));
        SmallTuning.AssertSame(SmallTuning.Tuning(SmallTuning.Options(folder.Path)).Run(), SmallTuning.Tuning(SmallTuning.Options()).Run());
    }

    [Test]
    public void StoppedInItsFirstMetaStep_GivesItsPlaceToAnotherTuning()
    {
        Assert.That(SmallTuning.Tuning(SmallTuning.Options(folder.Path) with { Cancellation = new(true) }).Run,
            Throws.InstanceOf<OperationCanceledException>());
        var other = SmallTuning.Options(folder.Path, 1) with { MetaOptimizer = new Sgd(0.2) };
        Assert.That(SmallTuning.Tuning(other).MetaStepsDone, Is.Null);
        _ = SmallTuning.Tuning(other).Run();
        Assert.That(SmallTuning.Tuning(other).MetaStepsDone, Is.EqualTo(1));
    }

    [Test]
    public void StepsThatDiverge_AreTakenBack_AndTheBestIsWhatIsLeft()
    {
        // The second meta-step tries what a step of this size has led to: learning rates of e^10 times the first ones.
        var tooFar = SmallTuning.Options(folder.Path) with { MetaOptimizer = new SignDescent(10), MetaSteps = 6 };
        var result = SmallTuning.Tuning(tooFar).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Records[1].Outcome, Is.EqualTo(MetaStepOutcome.Diverged));
            Assert.That(result.Records[1].Validation.Mean, Is.NaN);
            Assert.That(result.Records[2].StepFactor, Is.EqualTo(0.25));
            Assert.That(result.After.Validation.Mean, Is.EqualTo(
                result.Records.Where(record => double.IsFinite(record.Validation.Mean)).Min(record => record.Validation.Mean)));
            Assert.That(SmallTuning.Tuning(tooFar).MetaStepsDone, Is.EqualTo(6));
        }
        SmallTuning.AssertSame(SmallTuning.Tuning(tooFar with { StateDirectory = null }).Run(), result);
    }

    [Test]
    public void TakenBackSteps_GoOnToTheSameBits_AfterAStop()
    {
        var whole = SmallTuning.Options(metaSteps: 6) with { MetaOptimizer = new SignDescent(10) };
        _ = SmallTuning.Tuning(whole with { StateDirectory = folder.Path, MetaSteps = 3 }).Run();
        SmallTuning.AssertSame(SmallTuning.Tuning(whole with { StateDirectory = folder.Path }).Run(), SmallTuning.Tuning(whole).Run());
    }

    [Test]
    public void StartThatDiverges_IsAnError_AndTheStateOfAnotherTuningStays()
    {
        var good = SmallTuning.Options(folder.Path, 1);
        _ = SmallTuning.Tuning(good).Run();
        byte[] state = File.ReadAllBytes(StatePath);
        var diverging = SmallTuning.Run(SmallTuning.Hyperparameters().With(Quantity.LearningRate,
            Schedule.PerStep(5, Sharing.Tensor, 1e9)));
        Assert.That(() => SmallTuning.Tuning(good, diverging), Throws.TypeOf<ConfigurationException>());
        Assert.That(File.ReadAllBytes(StatePath), Is.EqualTo(state));
        Assert.That(() => SmallTuning.Tuning(good with { StateDirectory = null }, diverging).Run(), Throws.InstanceOf<DivergedException>());
    }

    [Test]
    public void Patience_EndsATuningThatNoLongerGetsBetter()
    {
        var still = SmallTuning.Options(metaSteps: 20) with { MetaOptimizer = new Sgd(1e-300), Patience = 3 };
        Assert.That(SmallTuning.Tuning(still).Run().Records, Has.Count.EqualTo(5));
        Refusals.Configuration(() => _ = SmallTuning.Tuning(still with { Patience = 0 }),
            "A patience of 0 meta-steps: it must be at least 1.");
    }

    [Test]
    public void StepDecay_ShortensLaterSteps_AndIsAtLeastOne()
    {
        var steady = SmallTuning.Options(metaSteps: 4) with { MetaOptimizer = new Sgd(1e-3) };
        var (decaying, plain) = (SmallTuning.Tuning(steady with { StepDecay = 1 }).Run(), SmallTuning.Tuning(steady).Run());
        Assert.That(decaying.Records[1].Validation, Is.EqualTo(plain.Records[1].Validation), "the first step is whole");
        Assert.That(decaying.Records[4].Validation, Is.Not.EqualTo(plain.Records[4].Validation));
        Refusals.Configuration(() => _ = SmallTuning.Tuning(steady with { StepDecay = 0 }),
            "A step size that decays over 0 meta-steps: it must be at least 1.");
    }

    private static IEnumerable<TestCaseData> OtherTunings()
    {
        var run = SmallTuning.Run();
        var options = SmallTuning.Options();
        var set = SmallTuning.Hyperparameters();
        var digits = SmallTuning.Digits;
        var someWeights = set with { ExampleWeights = ExampleWeights.Of([0, 1]) };
        var fixedL2 = set with { L2 = Penalty.Per(Sharing.All, 1e-4).Fixed() };
        yield return Case("network", "its sizes", options, SmallTuning.Run(network: Network.Mlp([784, 5, 10])));
        yield return Case("network", "its activation", options, SmallTuning.Run(network: Network.Mlp([784, 4, 10], Activation.Relu)));
        yield return Case("network", "its loss", options, SmallTuning.Run(network: Network.Mlp([784, 4, 10], loss: Loss.Squared)));
        yield return Case("training steps", "", options, SmallTuning.Run(set with
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(6, Sharing.Tensor, 0.3),
                Coefficient = Schedule.Constant(6, Sharing.All, 0.5),
            },
        }));
        yield return Case("batch size", "its size", options, run with { BatchSize = 30 });
        yield return Case("batch size", "its sampling", options, run with { Sampling = Hypergrad.Runs.Sampling.WithReplacement });
        yield return Case("seed", "its number", options, run with { Seed = 2 });
        yield return Case("seed", "fresh", options with { FreshSeeds = true }, run);
        yield return Case("replicas", "", options, run with { Replicas = 2 });
        yield return Case("hyperparameters", "another one", options, SmallTuning.Run(set with { L2 = Penalty.Per(Sharing.All, 1e-4) }));
        yield return Case("hyperparameters", "who shares it", options,
            SmallTuning.Run(set with { InitialScale = Scale.Per(Sharing.All, 0.1) }));
        yield return Case("hyperparameters", "one fixed", options,
            SmallTuning.Run(set.With(Quantity.Momentum, set[Quantity.Momentum]!.Fixed())));
        yield return Case("hyperparameters", "other examples", options,
            SmallTuning.Run(set with { ExampleWeights = ExampleWeights.Of([2, 3]) }), SmallTuning.Run(someWeights));
        yield return Case("hyperparameters", "another range of weights", options,
            SmallTuning.Run(set with { ExampleWeights = ExampleWeights.Of([0, 1]).MeanOne() }), SmallTuning.Run(someWeights));
        yield return Case("hyperparameters", "L1 for L2", options, SmallTuning.Run(set with { L1 = fixedL2.L2 }), SmallTuning.Run(fixedL2));
        yield return Case("starting values", "", options,
            SmallTuning.Run(set.With(Quantity.Momentum, Schedule.Constant(5, Sharing.All, 0.6))));
        yield return Case("training data", "", options, SmallTuning.Run(training: digits.Validation));
        yield return Case("validation data", "", options, run, validation: digits.Train);
        yield return Case("test data", "another", options with { Test = digits.Validation }, run);
        yield return Case("test data", "none", options with { Test = null }, run);
        yield return Case("meta-optimizer", "another", options with { MetaOptimizer = new RmsProp(0.1) }, run);
        yield return Case("meta-optimizer", "how its step size decays", options with { StepDecay = 9 }, run);
        yield return Case("meta-optimizer", "its step size", options with { MetaOptimizer = new Adam(0.2) }, run);
        yield return Case("meta-optimizer", "its decay", options with { MetaOptimizer = new Adam(0.1) { FirstDecay = 0.8 } }, run);
        yield return Case("meta-optimizer", "its clipping",
            options with { MetaOptimizer = new Adam(0.1) { Clipping = new() { Norm = 1 } } }, run);
        yield return Case("method", "", options with { Method = new StoredMethod() }, run);

        TestCaseData Case(string name, string what, TuningOptions other, Hypergrad.Runs.TrainingRun otherRun,
            Hypergrad.Runs.TrainingRun? before = null, Hypergrad.Data.Dataset? validation = null) =>
            new TestCaseData(name, before ?? run, other, otherRun, validation ?? digits.Validation).SetArgDisplayNames(name, what);
    }

    [TestCaseSource(nameof(OtherTunings))]
    public void StateOfAnotherTuning_IsRefused_NamingWhatDiffers(
        string name, Hypergrad.Runs.TrainingRun before, TuningOptions other, Hypergrad.Runs.TrainingRun run,
            Hypergrad.Data.Dataset validation)
    {
        _ = SmallTuning.Tuning(SmallTuning.Options(folder.Path, 1), before).Run();
        byte[] state = File.ReadAllBytes(StatePath);
        Assert.That(() => new Tuning(run, validation, other with { StateDirectory = folder.Path }), Throws.TypeOf<ConfigurationException>()
            .With.Message.StartsWith($"{folder.Path} holds the state of another tuning: its {name} is "));
        Assert.That(File.ReadAllBytes(StatePath), Is.EqualTo(state));
    }

    [Test]
    public void DamagedState_IsRefused_WhereverTheDamage()
    {
        _ = SmallTuning.Tuning(SmallTuning.Options(folder.Path, 1)).Run();
        byte[] whole = File.ReadAllBytes(StatePath);
        using (Assert.EnterMultipleScope())
        {
            foreach (int length in new[] { 0, 1, 31, 32, 60, whole.Length / 2, whole.Length - 1 })
                AssertRefused(whole[..length], "is damaged: its checksum does not match. Remove it to start anew.");
            foreach (int place in new[] { 0, 30, whole.Length / 2, whole.Length - 1 })
                AssertRefused([.. whole[..place], (byte)(whole[place] ^ 1), .. whole[(place + 1)..]], "is damaged");
            AssertRefused([.. whole, 0], "is damaged");
            AssertRefused("a letter to a friend, long enough to hold a checksum at its end"u8.ToArray(), "is damaged");
        }
    }

    [Test]
    public void StateOfAnotherVersion_IsRefused()
    {
        byte[] content = [.. "hypergrad tuning state 1\n"u8, 1, 2, 3];
        AssertRefused([.. content, .. SHA256.HashData(content)], "was written by another version of Hypergrad. Remove it to start anew.");
    }

    private void AssertRefused(byte[] bytes, string why)
    {
        File.WriteAllBytes(StatePath, bytes);
        Assert.That(() => SmallTuning.Tuning(SmallTuning.Options(folder.Path)), Throws.TypeOf<DataException>()
            .With.Message.StartsWith(StatePath).And.Message.Contains(why));
        Assert.That(File.ReadAllBytes(StatePath), Is.EqualTo(bytes));
    }

    private sealed class Canceller(Func<MetaStepRecord, bool> when, CancellationTokenSource source) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value)
        {
            if (when(value.Record))
                source.Cancel();
        }
    }
}
