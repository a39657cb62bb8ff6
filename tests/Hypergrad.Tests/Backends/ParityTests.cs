using System.Collections.Concurrent;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Tests.Hypergradients.Reference;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>Every backend, in either precision, against the same work in plain double loops.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class ParityTests(string backend, Precision precision) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] Methods =
    [
        new ReversibleMethod { VerifyEvery = 4 }, new CheckpointedMethod { Snapshots = 3 }, new StoredMethod(), new DrMadMethod { Knots = 4 },
        new DrMadMethod { ReverseSteps = 5 },
    ];

    // One for every fixture; the exact methods have the same.
    private static readonly ConcurrentDictionary<(Sampling Sampling, DrMadMethod? Shortcut), ReplicaReference> References = [];

    // Float errors grow along a training; these runs are short and tame.
    private double Tolerance => precision == Precision.Double ? 1e-9 : 1e-3;

    private static IEnumerable<TestCaseData> Cases() =>
        from method in Methods
        from sampling in Enum.GetValues<Sampling>()
        let name = method is DrMadMethod { ReverseSteps: not null } ? "drmad, coarse" : method.Name
        select new TestCaseData(method, sampling).SetArgDisplayNames(name, sampling.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Hypergradients_OfReplicas_AreThoseOfTheUnrolledRuns(HypergradientMethod method, Sampling sampling)
    {
        var (run, validation) = Run(sampling);
        var expected = References.GetOrAdd((sampling, method as DrMadMethod), ReferenceFor);
        var actual = Compute(run, validation, method, UnderTest, precision);
        Close.Assert(actual.Raw, expected.Raw, Tolerance);
        Close.Assert(actual.Coordinates, expected.Coordinates(actual.Tuned).Mean, Tolerance, "coordinates");
        Close.Assert(actual.CoordinatesStandardError, expected.Coordinates(actual.Tuned).StandardError, 10 * Tolerance, "standard errors");
        Close.Assert(actual.TrainingLosses, expected.TrainingLosses, Tolerance, "training losses");
        for (int replica = 0; replica < run.Replicas; replica++)
            Close.Assert(actual.FinalWeights![replica], expected.FinalWeights(replica), Tolerance, $"final weights of replica {replica}");
        Close.AssertWithin([actual.ValidationLoss], [expected.ValidationLoss], Tolerance, "validation loss");
    }

    [Test]
    public void ErrorRateAndBits_AreThoseOfTheManagedDoubleSession()
    {
        if (UnderTest == Backend.Managed && precision == Precision.Double)
            Assert.Ignore("This is what the others are compared with.");
        var (run, validation) = Run(Sampling.Shuffled);
        run = run.With(run.Hyperparameters! with { Momentum = Schedule.PerStep(11, Sharing.Tensor, 0.2) });
        var (actual, expected) = (Compute(run, validation, Methods[0], UnderTest, precision),
            Compute(run, validation, Methods[0], Backend.Managed, Precision.Double));
        Close.AssertWithin([actual.ValidationErrorRate], [expected.ValidationErrorRate], precision == Precision.Double ? 0 : 0.05, "error rate");
        // 11 times log2(1/0.2) bits are more than the 16 that stay in the store.
        Assert.That(actual.Reversal!.BitsPerWeightStep, Is.EqualTo(expected.Reversal!.BitsPerWeightStep).And.GreaterThan(0));
    }

    [Test]
    public void Body_IsNotNothing()
    {
        var (run, _) = Run(Sampling.FullBatch);
        using var session = UnderTest.Open(run, precision);
        Assert.That(() => session.NewBody(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("body"));
    }

    [Test]
    public void Vector_IsNotCopiedWhereThereIsTooLittleRoom()
    {
        var (run, _) = Run(Sampling.FullBatch);
        using var session = UnderTest.Open(run, precision);
        int count = run.Model.ParameterCount;
        Assert.That(() => session.Weights.CopyTo(0, new double[count - 1]), Throws.ArgumentException
            .With.Message.StartsWith($"The vector has {count} numbers, and there is room for {count - 1}."));
        session.Weights.CopyTo(0, new double[count + 1]);
    }

    [Test]
    public void VectorWork_IsThatOfPlainLoops([Values(Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit)] Sharing sharing)
    {
        var small = new SmallRun(8, [7, 9, 3], learningRates: sharing, momenta: sharing);
        double[][] actual = Work(UnderTest, small.ToRun() with { Replicas = 2 }, precision), expected = [.. PlainWork(small, 0), .. PlainWork(small, 1)];
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(actual[i], expected[i], precision == Precision.Double ? 1e-14 : 2e-6, $"result {i}");
    }

    [Test]
    public void SameRun_GivesTheSameBits()
    {
        var (run, validation) = Run(Sampling.Shuffled);
        var method = new ReversibleMethod();
        var first = Compute(run, validation, method, UnderTest, precision);
        var second = Compute(run, validation, method, UnderTest, precision);
        Close.AssertSame(second.Raw, first.Raw);
        for (int replica = 0; replica < run.Replicas; replica++)
            Close.AssertSame(second.FinalWeights![replica], first.FinalWeights![replica], $"final weights of replica {replica}");
    }

    private static double[][] Work(IBackend backend, TrainingRun run, Precision precision)
    {
        using var session = backend.Open(run, precision);
        using IVector a = session.NewVector(), b = session.NewVector(), c = session.NewVector(), d = session.NewVector();
        using IScheduleVector rates = session.NewScheduleVector(StepCoefficient.LearningRate), momenta = session.NewScheduleVector(StepCoefficient.Momentum);
        var step = new Step(2);
        int count = run.Model.ParameterCount;
        session.Start();
        for (int replica = 0; replica < run.Replicas; replica++)
        {
            a.Write(Noise(count, replica, 1), replica);
            b.Write(Noise(count, replica, 2), replica);
        }
        session.Copy(a, c);
        session.Multiply(StepCoefficient.LearningRate, step, c, c);
        session.MultiplyAdd(StepCoefficient.Momentum, step, b, c);
        session.MultiplyAdd(StepCoefficient.MomentumComplement, step, a, c);
        session.Subtract(b, c);
        session.GroupDot(rates, step, a, b);
        session.GroupDot(rates, step, c, b);
        session.GroupDot(momenta, new Step(4), a, c);
        session.GroupDot(null, step, a, c);
        session.SubtractPenaltyTangent(a, b, d);
        var results = new List<double[]>();
        for (int replica = 0; replica < run.Replicas; replica++)
        {
            results.AddRange([a.Read(count, replica), b.Read(count, replica), c.Read(count, replica), d.Read(count, replica)]);
            results.AddRange([rates.ToArray(replica), momenta.ToArray(replica)]);
        }
        session.Clear(c);
        Assert.That(c.Read(count, 1), Is.All.Zero);
        return [.. results];
    }

    // a, b, c, d and the sums of one replica: what Work does, entry by entry.
    private static double[][] PlainWork(SmallRun run, int replica)
    {
        int count = run.InitialWeights.Length;
        var at = new ReferenceRun(run, new Tape());
        double[] a = Noise(count, replica, 1), b = Noise(count, replica, 2), c = new double[count], d = new double[count];
        double[] rates = new double[run.LearningRate.Length], momenta = new double[run.Momentum.Length], decays = ReferenceRun.MomentaOf(run);
        for (int j = 0; j < count; j++)
        {
            double momentum = decays[at.MomentumAt(2, j)];
            c[j] = run.LearningRate[at.RateAt(2, j)] * a[j] + momentum * b[j] + (1 - momentum) * a[j] - b[j];
            rates[at.RateAt(2, j)] += a[j] * b[j] + c[j] * b[j];
            momenta[at.MomentumAt(4, j)] += a[j] * c[j];
            b[j] -= 2 * run.InitialWeights[j] * a[j];
            d[j] -= Math.Sign(run.InitialWeights[j]) * a[j];
        }
        return [a, b, c, d, rates, momenta];
    }

    private static double[] Noise(int count, int replica, ulong seed)
    {
        var noise = new double[count];
        new Philox(seed, (ulong)replica).Normal(noise);
        return noise;
    }

    private static (TrainingRun Run, Dataset Validation) Run(Sampling sampling)
    {
        var (inputs, targets) = (Noise(70 * 17, 0, 5), new double[70 * 4]);
        for (int i = 0; i < 70; i++)
            targets[4 * i + (inputs[17 * i] > 0 ? 2 : 0) + (inputs[17 * i + 1] > 0 ? 1 : 0)] = 1;
        var data = new Dataset(new Table(inputs, 17), new Table(targets, 4)).Split(40, 30, 0);
        var run = new TrainingRun(new Mlp([17, 8, 6, 4], Activation.Tanh), data.Train, new HyperparameterSet
        {
            LearningRate = Schedule.PerStep(11, Sharing.Unit, 0.2),
            Momentum = Schedule.PerStep(11, Sharing.Tensor, 0.7),
            InitialScale = Scale.Per(Sharing.Tensor, 0.3),
            L2 = Penalty.Per(Sharing.Input, 1e-3),
            L1 = Penalty.Per(Sharing.Layer, 1e-5),
            TrainingInputs = TrainingInputs.Of([0, 3]),
            ExampleWeights = ExampleWeights.All(),
        })
        { BatchSize = 9, Sampling = sampling, Replicas = 3 };
        return (run, data.Validation);
    }

    // Four knots in 11 steps are at 0, 4, 7 and 11.
    private static ReplicaReference ReferenceFor((Sampling Sampling, DrMadMethod? Shortcut) of)
    {
        var (run, validation) = Run(of.Sampling);
        return of.Shortcut is { } shortcut
            ? new(run, validation, shortcut.Knots == 4 ? [0, 4, 7, 11] : [0, 11], shortcut.ReverseSteps ?? 11)
            : new(run, validation, null, 0);
    }

    private static Hypergradient Compute(TrainingRun run, Dataset validation, HypergradientMethod method, IBackend backend, Precision precision) =>
        Hypergradient.Compute(
            run, validation, method, new() { Backend = backend, Precision = precision, Parts = RawParts.All, KeepFinalWeights = true });
}
