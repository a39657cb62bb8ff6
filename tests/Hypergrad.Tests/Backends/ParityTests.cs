using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Tests.Hypergradients;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>Every backend against the managed one in double precision.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class ParityTests(string backend, Precision precision) : BackendUnderTest(backend)
{
    private static readonly HypergradientMethod[] Methods =
    [
        new ReversibleMethod { VerifyEvery = 4 }, new CheckpointedMethod { Snapshots = 3 }, new StoredMethod(), new DrMadMethod { Knots = 4 },
        new DrMadMethod { ReverseSteps = 5 },
    ];

    // Float errors grow along a training; these runs are short and tame.
    private double Tolerance => precision == Precision.Double ? 1e-9 : 1e-3;

    private static IEnumerable<TestCaseData> Cases() =>
        from method in Methods
        from sampling in Enum.GetValues<Sampling>()
        let name = method is DrMadMethod { ReverseSteps: not null } ? "drmad, coarse" : method.Name
        select new TestCaseData(method, sampling).SetArgDisplayNames(name, sampling.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Hypergradients_OfReplicas_AreThoseOfTheManagedDoubleSession(HypergradientMethod method, Sampling sampling)
    {
        var (run, validation) = Run(sampling);
        var expected = Compute(run, validation, method, Backend.Managed, Precision.Double);
        var actual = Compute(run, validation, method, UnderTest, precision);
        Close.Assert(actual.Raw, expected.Raw, Tolerance);
        Close.Assert(actual.Coordinates, expected.Coordinates, Tolerance, "coordinates");
        Close.Assert(actual.CoordinatesStandardError, expected.CoordinatesStandardError, 10 * Tolerance, "standard errors");
        Close.Assert(actual.TrainingLosses, expected.TrainingLosses, Tolerance, "training losses");
        for (int replica = 0; replica < run.Replicas; replica++)
            Close.Assert(actual.FinalWeights![replica], expected.FinalWeights![replica], Tolerance, $"final weights of replica {replica}");
        Assert.That(actual.ValidationLoss, Is.EqualTo(expected.ValidationLoss).Within(Tolerance));
        Assert.That(actual.ValidationErrorRate, Is.EqualTo(expected.ValidationErrorRate).Within(precision == Precision.Double ? 0 : 0.05));
        Assert.That(actual.Reversal?.BitsPerWeightStep, Is.EqualTo(expected.Reversal?.BitsPerWeightStep));
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
    public void VectorWork_IsThatOfTheManagedSession([Values(Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit)] Sharing sharing)
    {
        var run = new SmallRun(8, [7, 9, 3], learningRates: sharing, momenta: sharing).ToRun() with { Replicas = 2 };
        double[][] actual = Work(UnderTest, run, precision), expected = Work(Backend.Managed, run, Precision.Double);
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
        Assert.That(second.FinalWeights, Is.EqualTo(first.FinalWeights));
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

    private static Hypergradient Compute(TrainingRun run, Dataset validation, HypergradientMethod method, IBackend backend, Precision precision) =>
        Hypergradient.Compute(
            run, validation, method, new() { Backend = backend, Precision = precision, Parts = RawParts.All, KeepFinalWeights = true });
}
