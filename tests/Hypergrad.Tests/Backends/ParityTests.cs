using System.Collections.Concurrent;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
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
        new ReversibleMethod { VerifyEvery = 4 }, new CheckpointedMethod { Snapshots = 3 }, new StoredMethod(),
            new DrMadMethod { Knots = 4 },
        new DrMadMethod { ReverseSteps = 5 },
    ];

    private static readonly string[] Optimizers = ["momentum", "adamw", "nesterov"];

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
        run = run.With(run.Hyperparameters!.With(Quantity.Momentum, Schedule.PerStep(11, Sharing.Tensor, 0.2)));
        var (actual, expected) = (Compute(run, validation, Methods[0], UnderTest, precision),
            Compute(run, validation, Methods[0], Backend.Managed, Precision.Double));
        Close.AssertWithin([actual.ValidationErrorRate], [expected.ValidationErrorRate], precision == Precision.Double ? 0 : 0.05,
            "error rate");
        // 11 times log2(1/0.2) bits are more than the 16 that stay in the store.
        Assert.That(actual.Reversal!.BitsPerWeightStep, Is.EqualTo(expected.Reversal!.BitsPerWeightStep).And.GreaterThan(0));
    }

    [Test]
    public void Body_IsNotNothing()
    {
        var (run, _) = Run(Sampling.FullBatch);
        using var session = UnderTest.Open(run.Lower(), precision);
        Assert.That(() => session.NewBody(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("body"));
    }

    [Test]
    public void Vector_IsNotCopiedWhereThereIsTooLittleRoom()
    {
        var (run, _) = Run(Sampling.FullBatch);
        using var session = UnderTest.Open(run.Lower(), precision);
        int count = run.Network.ParameterCount;
        Assert.That(() => session.Weights.CopyTo(0, new double[count - 1]), Throws.ArgumentException
            .With.Message.StartsWith($"The vector has {count} numbers, and there is room for {count - 1}."));
        session.Weights.CopyTo(0, new double[count + 1]);
    }

    [Test]
    public void Updates_AreThoseOfPlainLoops(
        [Values(Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit)] Sharing sharing,
            [ValueSource(nameof(Optimizers))] string optimizer)
    {
        var small = new SmallRun(8, [7, 9, 3], learningRates: sharing, momenta: sharing);
        if (optimizer == "adamw")
            small.WithAdamW(sharing, sharing == Sharing.Unit ? Sharing.Layer : Sharing.Unit);
        else if (optimizer == "nesterov")
            small.WithNesterov(0.25);
        var run = small.ToRaw() with { Replicas = 2 };
        double[][] actual = Work(UnderTest, run, precision);
        double[][] expected = [.. PlainWork(small, run.Optimizer, 0), .. PlainWork(small, run.Optimizer, 1)];
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
            Close.Assert(actual[i], expected[i], precision == Precision.Double ? 1e-13 : 1e-5, $"result {i}");
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

    // Two steps pulled back with given numbers in every vector, then a step done; all that comes of it.
    private static double[][] Work(IBackend backend, RawRun run, Precision precision)
    {
        using var session = backend.Open(run, precision);
        var optimizer = run.Optimizer;
        using IVector wBar = session.NewVector(), u = session.NewVector(), l2 = session.NewVector(), l1 = session.NewVector();
        IVector[] slotBars = [.. optimizer.Slots.Select(_ => session.NewVector())];
        ICoefficientVector[] sums = [.. optimizer.Coefficients.Select((_, i) => session.NewCoefficientVector(i))];
        var adjoint = new OptimizerAdjoint(wBar, slotBars, sums);
        int count = run.Network.ParameterCount;
        session.Start();
        for (int replica = 0; replica < run.Replicas; replica++)
        {
            session.Gradient.Write(Noise(count, replica, 1), replica);
            wBar.Write(Noise(count, replica, 2), replica);
            for (int slot = 0; slot < slotBars.Length; slot++)
            {
                session.Slots[slot].Write(SlotNoise(optimizer.Slots[slot], count, replica, slot), replica);
                slotBars[slot].Write(Noise(count, replica, 10 + (ulong)slot), replica);
            }
        }
        foreach (int step in (int[])[3, 2])
        {
            session.PullBackDrifts(new Step(step), adjoint);
            session.PullBackKicks(new Step(step), adjoint, u, add: step == 2);
            session.PullBackDecays(new Step(step), adjoint);
        }
        session.Copy(u, l2);
        session.Add(wBar, l2);
        session.AddPenaltyTangent(u, l2, l1);
        session.Advance(new Step(1));
        var results = new List<double[]>();
        for (int replica = 0; replica < run.Replicas; replica++)
        {
            foreach (var vector in new[] { wBar, u, l2, l1, session.Weights }.Concat(slotBars).Concat(session.Slots))
                results.Add(vector.Read(count, replica));
            results.AddRange(sums.Select(sum => sum.ToArray(replica)));
        }
        session.Clear(u);
        Assert.That(u.Read(count, 1), Is.All.Zero);
        foreach (var vector in slotBars.Cast<IDisposable>().Concat(sums))
            vector.Dispose();
        return [.. results];
    }

    // The same of one replica, number by number.
    private static double[][] PlainWork(SmallRun small, RawOptimizer optimizer, int replica)
    {
        int count = small.InitialWeights.Length;
        double[] w = [.. small.InitialWeights], g = Noise(count, replica, 1), wBar = Noise(count, replica, 2), u = new double[count];
        double[][] slots = [.. optimizer.Slots.Select((slot, i) => SlotNoise(slot, count, replica, i))];
        double[][] slotBars = [.. optimizer.Slots.Select((_, i) => Noise(count, replica, 10 + (ulong)i))];
        double[][] sums = [.. optimizer.Coefficients.Select(coefficient => new double[coefficient.Values.Length])];
        int[][] groups = [.. optimizer.Coefficients.Select(coefficient => ReferenceRun.GroupsOf(coefficient.Grouping))];
        int Place(int coefficient, int step, int j) => step * optimizer.Coefficients[coefficient].Grouping.Count + groups[coefficient][j];
        double Value(int coefficient, int step, int j) => optimizer.Coefficients[coefficient].Values[Place(coefficient, step, j)];
        double[] Of(double[] ofWeights, double[][] ofSlots, Slot slot) => slot.IsWeights ? ofWeights : ofSlots[optimizer.IndexOf(slot)];

        // ψ, and its derivatives by the slots and by the coefficients of the direction.
        (double Value, double[] BySlots, double[] ByCoefficients) DirectionAt(Direction direction, int first, int step, int j)
        {
            double m = slots[0][j];
            if (direction is not AdamDirection)
                return (m, [1], []);
            double s = slots[1][j], b1 = Value(first, step, j), b2 = Value(first + 1, step, j), root = Math.Sqrt(s / b2);
            double denominator = root + Value(first + 2, step, j), psi = m / b1 / denominator, byRoot = -psi / denominator;
            return (psi, [1 / b1 / denominator, s == 0 ? 0 : byRoot / (2 * root * b2)],
                [-psi / b1, -byRoot * root / (2 * b2), byRoot]);
        }

        void PullBack<TUpdate>(int step, Action<TUpdate, int, int> one) where TUpdate : Update
        {
            foreach (var update in optimizer.Updates.OfType<TUpdate>().Reverse())
                for (int j = 0; j < count; j++)
                    one(update, optimizer.IndexOf(update), j);
        }

        foreach (int step in (int[])[3, 2])
        {
            PullBack<Drift>(step, (drift, at, j) =>
            {
                var (psi, bySlots, byCoefficients) = DirectionAt(drift.Direction, at + 1, step, j);
                double pulled = Value(at, step, j) * wBar[j];
                sums[at][Place(at, step, j)] += wBar[j] * psi;
                for (int slot = 0; slot < bySlots.Length; slot++)
                    slotBars[slot][j] += pulled * bySlots[slot];
                for (int i = 0; i < byCoefficients.Length; i++)
                    sums[at + 1 + i][Place(at + 1 + i, step, j)] += pulled * byCoefficients[i];
            });
            PullBack<Kick>(step, (kick, at, j) =>
            {
                bool isSquare = kick.Function == GradientFunction.Square;
                double bar = Of(wBar, slotBars, kick.Target)[j];
                sums[at][Place(at, step, j)] += bar * (isSquare ? g[j] * g[j] : g[j]);
                u[j] += Value(at, step, j) * bar * (isSquare ? 2 * g[j] : 1);
            });
            PullBack<Decay>(step, (decay, at, j) =>
            {
                sums[at][Place(at, step, j)] += Of(wBar, slotBars, decay.Target)[j] * Of(w, slots, decay.Target)[j];
                Of(wBar, slotBars, decay.Target)[j] *= Value(at, step, j);
            });
        }
        double[] l2 = [.. u.Select((value, j) => value + wBar[j] + 2 * w[j] * value)];
        double[] l1 = [.. u.Select((value, j) => Math.Sign(w[j]) * value)];
        foreach (var update in optimizer.Updates)
            for (int j = 0; j < count; j++)
            {
                int at = optimizer.IndexOf(update);
                double c = Value(at, 1, j), square = update is Kick { Function: GradientFunction.Square } ? g[j] : 1;
                ref double target = ref Of(w, slots, update.Target)[j];
                target = update is Decay ? c * target
                    : target + c * (update is Drift drift ? DirectionAt(drift.Direction, at + 1, 1, j).Value : g[j] * square);
            }
        return [wBar, u, l2, l1, w, .. slotBars, .. slots, .. sums];
    }

    // A second moment is never negative, and may be 0.
    private static double[] SlotNoise(Slot slot, int count, int replica, int place)
    {
        double[] noise = Noise(count, replica, 20 + (ulong)place);
        return slot.IsSecondMoment ? [.. noise.Select((value, j) => j == 5 ? 0 : value * value)] : noise;
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
        var run = new TrainingRun(Network.Mlp([17, 8, 6, 4], Activation.Tanh), data.Train, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(11, Sharing.Unit, 0.2),
                Coefficient = Schedule.PerStep(11, Sharing.Tensor, 0.7),
            },
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

    private static Hypergradient Compute(TrainingRun run, Dataset validation, HypergradientMethod method, IBackend backend,
        Precision precision) =>
        Hypergradient.Compute(
            run, validation, method,
            new() { Backend = backend, Precision = precision, Quantities = [.. run.Lower().Quantities], KeepFinalWeights = true });
}
