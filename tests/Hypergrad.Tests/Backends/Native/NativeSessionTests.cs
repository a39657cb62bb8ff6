using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Interop;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>Lifetimes, minibatches and bodies of a native session.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NativeNames))]
public sealed unsafe class NativeSessionTests(string backend) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] Methods =
        [new ReversibleMethod(), new StoredMethod(), new CheckpointedMethod(), new DrMadMethod(), new DrMadMethod { ReverseSteps = 2 }];

    [TestCaseSource(nameof(Methods))]
    public void Dispose_GivesAllMemoryBack(HypergradientMethod method)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = LiveBytes();
        using (var backend = Another())
        {
            var small = new SmallRun(3, [4, 5, 3]);
            Hypergradient.Compute(small.ToRun(), small.Validation, method, new() { Backend = backend });
        }
        Assert.That(LiveBytes(), Is.EqualTo(before));
    }

    [Test]
    public void Session_TakesMemory_UntilTheLastOfItsObjectsIsDisposed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var backend = Another();
        long before = LiveBytes();
        var session = backend.Open(new SmallRun(3, [4, 5, 3]).ToRaw(), Precision.Single);
        var vector = session.NewVector();
        session.Dispose();
        session.Dispose();
        backend.Dispose();
        Assert.That(LiveBytes(), Is.GreaterThan(before));
        Assert.That(vector.Read(43), Is.All.Zero, "it is there as long as one of its objects");
        vector.Dispose();
        vector.Dispose();
        Assert.That(LiveBytes(), Is.LessThanOrEqualTo(before));
    }

    [Test]
    public void DisposedObject_IsRefused()
    {
        using var session = UnderTest.Open(new SmallRun(3, [4, 5, 3]).ToRaw(), Precision.Single);
        var vector = session.NewVector();
        vector.Dispose();
        Assert.That(() => session.Clear(vector), Throws.TypeOf<ObjectDisposedException>());
        session.Dispose();
        Assert.That(() => session.Start(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Minibatches_AreThoseOfThePlan([Values] Sampling sampling, [Values(1, 7, 64)] int batchSize)
    {
        var run = Drawn(sampling, batchSize, steps: 12, replicas: 3);
        using var session = (NativeSession)UnderTest.Open(run, Precision.Single);
        for (int replica = 0; replica < run.Replicas; replica++)
            for (int step = 0; step < run.Steps; step++)
                Assert.That(session.Minibatch(step, replica), Is.EqualTo(run.Minibatches.Indices(step, replica)),
                    $"step {step}, replica {replica}");
    }

    [Test]
    public void ExplicitMinibatches_AreThoseGiven()
    {
        var small = new SmallRun(5, [4, 5, 3], steps: 9);
        using var session = (NativeSession)UnderTest.Open(small.ToRaw(), Precision.Single);
        Assert.That(Enumerable.Range(0, 9).Select(step => session.Minibatch(step, 0)), Is.EqualTo(small.Batches));
    }

    [Test]
    public void RecordedBody_IsTheStepsOneByOne_BitForBit([Values] Precision precision)
    {
        var run = new SmallRun(6, [4, 5, 3], steps: 20).ToRaw();
        var recorded = Walk(run, precision, (session, body) => session.ForEachStep(StepRange.Forward(0, 20), body));
        var single = Walk(run, precision, (session, body) =>
        {
            for (int step = 0; step < 20; step++)
                session.ForEachStep(StepRange.Forward(step, step + 1), body);
        });
        Assert.That(recorded, Is.EqualTo(single));
    }

    [Test]
    public void BodyOfSeveralRanges_IsRecordedOnce_AndIsTheStepsOneByOne()
    {
        var run = new SmallRun(6, [4, 5, 3], steps: 20).ToRaw();
        int calls = 0;
        var pieces = Walk(run, Precision.Single, (session, body) =>
        {
            using var several = session.NewBody(step =>
            {
                calls++;
                body(step);
            });
            foreach (int end in (int[])[1, 2, 3, 9, 9, 10, 20])
                session.ForEachStep(StepRange.Forward(end switch { 1 or 2 or 3 or 10 => end - 1, 9 => 3, _ => 10 }, end), several);
        });
        Assert.That(calls, Is.EqualTo(2), "the first single step, and the recording");
        var single = Walk(run, Precision.Single, (session, body) =>
        {
            foreach (int step in Enumerable.Range(0, 9).Concat(Enumerable.Range(3, 17)))
                body(new Step(step));
        });
        Assert.That(pieces, Is.EqualTo(single));
    }

    [Test]
    public void BackwardRange_GoesDown()
    {
        // v ends as the product of all momenta but for what each step adds; another order gives other numbers.
        var run = new SmallRun(7, [4, 5, 3], steps: 6).ToRaw();
        var recorded = Walk(run, Precision.Double, (session, body) => session.ForEachStep(StepRange.Backward(1, 6), body));
        var single = Walk(run, Precision.Double, (session, body) =>
        {
            for (int step = 5; step >= 1; step--)
                body(new Step(step));
        });
        Assert.That(recorded, Is.EqualTo(single));
    }

    [Test]
    public void EmptyRange_DoesNothing()
    {
        using var session = UnderTest.Open(new SmallRun(7, [2, 2]).ToRaw(), Precision.Single);
        session.ForEachStep(StepRange.Forward(3, 3), _ => Assert.Fail("called"));
    }

    [Test]
    public void BodyThatThrows_IsForgotten()
    {
        using var session = UnderTest.Open(new SmallRun(7, [2, 2]).ToRaw(), Precision.Single);
        Assert.That(
            () => session.ForEachStep(StepRange.Forward(0, 3), _ => throw new IOException("mine")), Throws.TypeOf<IOException>());
        session.Start();
        Assert.That(() => session.ForEachStep(StepRange.Forward(0, 3), session.EvaluateGradient), Throws.Nothing);
    }

    [TestCase(1)]
    [TestCase(5)]
    public void CancelledSession_TakesNoStep(int steps)
    {
        using var source = new CancellationTokenSource();
        using var session = UnderTest.Open(new SmallRun(7, [2, 2]).ToRaw(), Precision.Single, source.Token);
        session.Start();
        source.Cancel();
        Assert.That(() => session.ForEachStep(StepRange.Forward(0, steps), session.EvaluateGradient),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(session.TrainingLosses(0), Is.All.Zero);
    }

    [Test]
    public void MomentumOfZero_CannotBeReversed()
    {
        var small = new SmallRun(7, [2, 2]);
        small.Momentum[0] = 0;
        using var session = UnderTest.Open(small.ToRaw(), Precision.Single);
        Assert.That(() => session.NewReversibleState(), Throws.TypeOf<ConfigurationException>().With.Message.Contains("momentum"));
    }

    [Test]
    public void InitialWeightBeyondTheRange_IsRefused()
    {
        var small = new SmallRun(7, [2, 2]);
        small.InitialWeights[3] = 3000;
        using var session = UnderTest.Open(small.ToRaw(), Precision.Single);
        using var state = session.NewReversibleState();
        Assert.That(() => state.Start(), Throws.TypeOf<ConfigurationException>().With.Message.Contains("2048"));
    }

    [Test]
    public void LearningRateOfZero_HasNoLine()
    {
        var small = new SmallRun(7, [2, 2]);
        small.LearningRate[1] = 0;
        using var session = UnderTest.Open(small.ToRaw(), Precision.Single);
        Assert.That(() => session.NewLinePath([0, 5]), Throws.TypeOf<ConfigurationException>().With.Message.Contains("learning rate"));
    }

    private double[] Walk(RawRun run, Precision precision, Action<ISession, Action<Step>> walk)
    {
        using var session = UnderTest.Open(run, precision);
        session.Start();
        walk(session, step =>
        {
            session.EvaluateGradient(step);
            session.Advance(step);
        });
        int count = run.Network.ParameterCount;
        return [.. session.Weights.Read(count), .. session.Slots[0].Read(count), .. session.TrainingLosses(0)];
    }

    private NativeBackend Another() => UnderTest.Name == "cuda" ? NativeBackend.OnDevice() : NativeBackend.OnHost();

    private static long LiveBytes()
    {
        long bytes;
        NativeCall.Require(NativeMethods.hg_live_bytes(&bytes));
        return bytes;
    }

    private static RawRun Drawn(Sampling sampling, int batchSize, int steps, int replicas) => new TrainingRun(
        Network.Mlp([784, 3, 10], Activation.Tanh), Digits.Generate(50, seed: 3).Split(30, 20, 0).Train, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.9),
            },
        })
    { BatchSize = batchSize, Sampling = sampling, Replicas = replicas, Seed = 0xFEDCBA9876543210 }.Lower();
}
