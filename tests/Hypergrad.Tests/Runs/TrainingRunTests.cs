using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Runs;

/// <summary>Runs, methods and data that do not fit, and what each is told.</summary>
[TestFixture]
public sealed class TrainingRunTests
{
    private static SmallRun Small() => new(1, [2, 3, 2], steps: 3);

    [Test]
    public void Data_ThatDoesNotFitTheNetwork_IsRefused()
    {
        var small = Small();
        var (wide, many) = (new SmallRun(1, [5, 2]).TrainingSet(), new SmallRun(1, [2, 4]).TrainingSet());
        Refusals.Configuration(
            () => _ = new TrainingRun(small.ToRaw() with { Training = wide }),
            "The training inputs have 5 numbers and the network 2-3-2 takes 2; make its first layer 5.");
        Refusals.Configuration(
            () => _ = new TrainingRun(small.ToRaw() with { Training = many }),
            "The training targets have 4 numbers and the network 2-3-2 gives 2; make its last layer 4.");
        Refusals.Configuration(
            () => Hypergradient.Exact(small.ToRun(), wide),
            "The validation inputs have 5 numbers and the network 2-3-2 takes 2; make its first layer 5.");
        Refusals.Configuration(
            () => Hypergradient.Exact(small.ToRun(), small.Validation, new() { Test = many }),
            "The test targets have 4 numbers and the network 2-3-2 gives 2; make its last layer 4.");
    }

    [Test]
    public void RawQuantities_OfAnotherNetwork_AreRefused()
    {
        var (small, raw) = (Small(), Small().ToRaw());
        var anotherNetwork = new SmallRun(1, [2, 7, 2], steps: 3);
        var other = anotherNetwork.ToRaw();
        RawOptimizer Mixed(Quantity quantity)
        {
            var tables = small.Tables();
            tables[quantity] = anotherNetwork.Tables()[quantity];
            return small.Optimizer.Lower(tables);
        }
        void Refused(RawRun mixed, string name) => Refusals.Configuration(
            () => _ = new TrainingRun(mixed),
            $"The {name} is grouped for the network 2-7-2 and the run trains 2-3-2; group it for that one.");
        Refused(raw with { Optimizer = Mixed(Quantity.LearningRate) }, "learning rate");
        Refused(raw with { Optimizer = Mixed(Quantity.Momentum) }, "momentum");
        Refused(raw with { L2 = other.L2 }, "L2 penalty");
        Refused(raw with { L1 = other.L1 }, "L1 penalty");
        Refusals.Configuration(
            () => _ = new TrainingRun(raw with { InitialWeights = InitialWeights.Explicit(new double[16]) }),
            "16 initial weights for the network 2-3-2, which has 17; give one each.");
        Refusals.Configuration(() => InitialWeights.Explicit([0, double.NaN]), "The initial weight 1 is NaN; it must be finite.");
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return new((SmallRun small) =>
            small.LearningRate[5] = double.NaN, "The learning rate of step 1, b1 is NaN; it must be finite.");
        yield return new(
            (SmallRun small) => small.LearningRate[0] = double.PositiveInfinity,
            $"The learning rate of step 0, W1 is {double.PositiveInfinity}; it must be finite.");
        yield return new((SmallRun small) => small.Momentum[11] = 1.5,
            "The momentum of step 2, b2 is 1.5; for momentum it must be from 0 to 1.");
        yield return new((SmallRun small) => small.Momentum[2] = -0.1,
            "The momentum of step 0, W2 is -0.1; for momentum it must be from 0 to 1.");
        yield return new((SmallRun small) => small.Momentum[2] = double.NaN,
            "The momentum of step 0, W2 is NaN; for momentum it must be from 0 to 1.");
        yield return new((SmallRun small) =>
            small.ExampleWeights[4] = double.NaN, "The weight of training example 4 is NaN; it must be finite.");
        yield return new((SmallRun small) =>
            small.Batches = small.Batches[..2], "The minibatch plan has 2 steps and the schedules 3; give both the same number.");
        yield return new(
            (SmallRun small) => small.Momentum = small.Momentum[..8],
            "The learning rate has 3 steps and the momentum 2; give both the same number.");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Quantity_ThatMakesNoSense_IsRefused(object change, string message)
    {
        var small = Small();
        ((Delegate)change).DynamicInvoke(small);
        Refusals.Configuration(() => small.ToRun(), message);
        Refusals.Configuration(() => Backend.Managed.Open(small.ToRaw(), Precision.Single), message);
    }

    [Test]
    public void Counts_ThatDoNotFit_AreRefused()
    {
        var small = Small();
        var raw = small.ToRaw();
        var run = new TrainingRun(small.Network, small.TrainingSet(), new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(3, Sharing.All, 1),
                Coefficient = Schedule.PerStep(3, Sharing.All, 0.5),
            },
        });
        Refusals.Configuration(() => (run with { BatchSize = 0 }).Lower(), "A batch size of 0: a minibatch needs at least 1 example.");
        Refusals.Configuration(() => (run with { Replicas = 0 }).Lower().Validate(), "0 replicas: at least 1 run must be trained.");
        Refusals.Configuration(
            () => _ = new TrainingRun(raw with { ExampleWeights = [1, 2] }),
            "2 example weights for 6 training examples; give one each.");
        Refusals.Configuration(
            () => _ = new TrainingRun(raw with { Minibatches = MinibatchPlan.FullBatch(5) }),
            "The minibatch plan is over 5 examples and the training set has 6.");
    }

    [Test]
    public void With_OfARawRun_IsRefused() => Assert.That(
        () => Small().ToRun().With(
            new HyperparameterSet
            {
                Optimizer = new Momentum
                {
                    LearningRate = Schedule.PerStep(1, 0, 1),
                    Coefficient = Schedule.PerStep(1, 0, 0.5)
                }
            }),
        Throws.TypeOf<InvalidOperationException>()
            .With.Message.EqualTo("This run was described by raw quantities; it has no hyperparameters to replace."));

    [Test]
    public void MomentumOfZero_IsForTheCheckpointedMethod()
    {
        var small = Small();
        small.Momentum[6] = 0;
        Refusals.Configuration(
            () => Hypergradient.Exact(small.ToRun(), small.Validation),
            "The momentum of step 1, W2 is 0, which cannot be reversed: a step without it forgets its velocity. "
            + "Use the checkpointed method, or a momentum above 0.");
        Assert.That(Hypergradient.Checkpointed(small.ToRun(), small.Validation).ValidationLoss, Is.Positive);
    }

    [Test]
    public void LearningRateOfZero_IsNotForTheShortcut()
    {
        var small = Small();
        small.LearningRate[7] = 0;
        Refusals.Configuration(
            () => Hypergradient.DrMad(small.ToRun(), small.Validation),
            "The learning rate of step 1, b2 is 0; the shortcut divides by it to find the velocity. "
            + "Use an exact method, or a learning rate other than 0.");
        Assert.That(Hypergradient.Exact(small.ToRun(), small.Validation).ValidationLoss, Is.Positive);
    }

    [Test]
    public void InitialWeight_BeyondTheFixedPointRange_IsRefused()
    {
        var small = Small();
        small.InitialWeights[7] = -2048;
        Refusals.Configuration(
            () => Hypergradient.Exact(small.ToRun(), small.Validation),
            "The initial weight 7 is -2048; the exact arithmetic holds weights up to ±2048. Lower the initial scale.");
    }

    [Test]
    public void Methods_WithSettingsThatTheRunCannotHave_AreRefused()
    {
        var small = Small();
        void Refused(HypergradientMethod method, string message) =>
            Refusals.Configuration(() => Hypergradient.Compute(small.ToRun(), small.Validation, method), message);
        Refused(new ReversibleMethod { VerifyEvery = 0 }, "Verifying every 0 steps: it must be at least 1.");
        Refused(new ReversibleMethod { MemoryBudget = -1 }, "A memory budget of -1 bytes: it must not be negative.");
        Refused(new CheckpointedMethod { Snapshots = 0 }, "0 snapshots: the checkpointed method needs at least 1.");
        Refused(new CheckpointedMethod { MemoryBudget = 135 },
            "A memory budget of 135 bytes: one snapshot of this run takes 136; give at least that.");
        Refused(new DrMadMethod { ReverseSteps = 0 }, "0 reverse steps for 3 training steps: choose from 1 to 3.");
        Refused(new DrMadMethod { ReverseSteps = 4 }, "4 reverse steps for 3 training steps: choose from 1 to 3.");
        Refused(new DrMadMethod { Knots = 1 }, "1 knots for 3 training steps: choose from 2 to 4.");
        Refused(new DrMadMethod { Knots = 5 }, "5 knots for 3 training steps: choose from 2 to 4.");
    }

    [Test]
    public void Threads_BelowOne_AreRefused() =>
        Refusals.Configuration(() => _ = new ManagedBackend(0), "0 threads: the managed backend needs at least 1.");

    [Test]
    public void Training_ThatDiverges_NamesTheStep([Values] Precision precision)
    {
        var small = new SmallRun(2, [2, 3, 2], Activation.Identity, Loss.Squared, steps: 40);
        Array.Fill(small.LearningRate, 100);
        foreach (var method in (
            HypergradientMethod[])[new ReversibleMethod(), new StoredMethod(), new CheckpointedMethod(), new DrMadMethod()])
            Assert.That(
                () => Hypergradient.Compute(small.ToRun(), small.Validation, method, new() { Precision = precision }),
                Throws.TypeOf<TrainingDivergedException>().With.Message.Match(@"^Training diverged at step \d+ in (W|b|the outputs)"));
    }

    [Test]
    public void Cancellation_StopsTheRun()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(
            () => Hypergradient.Exact(Small().ToRun(), Small().Validation, new() { Cancellation = source.Token }),
            Throws.InstanceOf<OperationCanceledException>());
    }
}
