using Hypergrad.Arithmetic;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>The exact arithmetic of every backend against its scalar specification, bit for bit: positions, velocities, digit stores, every spilled byte.</summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class ExactStateTests(string backend, Precision precision) : BackendUnderTest(backend)
{
    // Tensors of 1 to 15 weights, then one of more than a tile, so that vectors and tiles end everywhere.
    private static readonly int[][] Networks = [[1, 1], [3, 5, 2], [7, 9, 1], [61, 70, 3]];

    private static IEnumerable<TestCaseData> Cases() =>
        from layers in Networks
        from momenta in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit }
        from rates in new[] { Sharing.All, Sharing.Unit }
        select new TestCaseData(layers, momenta, rates).SetArgDisplayNames(string.Join('-', layers), momenta.ToString(), rates.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Kernels_EqualTheSpecification(int[] layers, Sharing momenta, Sharing rates)
    {
        const int steps = 40, replicas = 2;
        var run = Run(layers, momenta, rates, steps, replicas);
        int count = run.Model.ParameterCount;
        using var session = UnderTest.Open(run, precision);
        using var state = session.NewReversibleState();
        state.Start();
        SpecifiedState[] expected = [.. Enumerable.Range(0, replicas).Select(_ => new SpecifiedState(run, Start(count)))];
        var snapshots = new List<(long[] Velocities, ushort[] Digits)>[replicas];
        for (int replica = 0; replica < replicas; replica++)
            snapshots[replica] = [(expected[replica].Velocities, expected[replica].Digits)];
        AssertEqual(session, state, expected, "start");

        for (int t = 0; t < steps; t++)
        {
            SetGradient(session, t, replicas);
            state.Advance(new Step(t));
            for (int replica = 0; replica < replicas; replica++)
            {
                expected[replica].Advance(t, j => GradientOf(replica, t, j));
                snapshots[replica].Add((expected[replica].Velocities, expected[replica].Digits));
            }
            AssertEqual(session, state, expected, $"after step {t}");
        }
        for (int replica = 0; replica < replicas; replica++)
        {
            byte[][] planes = [.. Enumerable.Range(0, run.Momentum.Grouping.Count).Select(group => state.CopyPlanes(replica, group))];
            for (int group = 0; group < planes.Length; group++)
                Assert.That(planes[group], Is.EqualTo(expected[replica].Planes(group)), $"planes of group {group}");
            Assert.That(state.SpilledBytes, Is.EqualTo(planes.Sum(plane => (long)plane.Length)).And.GreaterThan(0));
        }

        state.BeginRetreat();
        foreach (var replica in expected)
            replica.UndoDrift(steps - 1);
        for (int t = steps - 1; t >= 0; t--)
        {
            AssertEqual(session, state, expected, $"before step {t} is undone");
            AssertVelocities(session, expected);
            SetGradient(session, t, replicas);
            state.Retreat(new Step(t));
            for (int replica = 0; replica < replicas; replica++)
            {
                expected[replica].UndoKickAndDecay(t, j => GradientOf(replica, t, j));
                Assert.That((expected[replica].Velocities, expected[replica].Digits), Is.EqualTo(snapshots[replica][t]), $"the specification at step {t}");
                if (t > 0)
                    expected[replica].UndoDrift(t - 1);
            }
        }
        AssertEqual(session, state, expected, "back at the start");
        Assert.That(state.EqualsStart(), Is.True);
    }

    [Test]
    public void EqualsStart_SeesAVelocityThatStays()
    {
        var run = Run([3, 2], Sharing.All, Sharing.All, 2, 1);
        using var session = UnderTest.Open(run, precision);
        using var state = session.NewReversibleState();
        state.Start();
        Assert.That(state.EqualsStart(), Is.True);
        SetGradient(session, 0, 1);
        state.Advance(new Step(0));
        Assert.That(state.EqualsStart(), Is.False);
    }

    private static void AssertEqual(ISession session, IReversibleState state, SpecifiedState[] expected, string when)
    {
        int count = session.Run.Model.ParameterCount;
        var (positions, velocities, digits) = (new long[count], new long[count], new ushort[count]);
        for (int replica = 0; replica < expected.Length; replica++)
        {
            state.CopyPositions(replica, positions);
            state.CopyVelocities(replica, velocities);
            state.CopyDigits(replica, digits);
            Assert.That(positions.AsSpan().SequenceEqual(expected[replica].Positions), Is.True, $"positions {when}");
            Assert.That(velocities.AsSpan().SequenceEqual(expected[replica].Velocities), Is.True, $"velocities {when}");
            Assert.That(digits.AsSpan().SequenceEqual(expected[replica].Digits), Is.True, $"digits {when}");
            Assert.That(Same(session, session.Weights, replica, expected[replica].Positions), Is.True, $"weights {when}");
        }
        Assert.That(state.HashPositions(), Is.EqualTo(expected.Select(replica => StateHash.Of(replica.Positions))));
        Assert.That(state.HashVelocities(), Is.EqualTo(expected.Select(replica => StateHash.Of(replica.Velocities))));
    }

    private static void AssertVelocities(ISession session, SpecifiedState[] expected)
    {
        for (int replica = 0; replica < expected.Length; replica++)
            Assert.That(Same(session, session.Velocity, replica, expected[replica].Velocities), Is.True, "the velocity as a real number");
    }

    private static bool Same(ISession session, IVector vector, int replica, long[] expected)
    {
        double[] values = vector.Read(expected.Length, replica);
        for (int j = 0; j < expected.Length; j++)
        {
            double exact = FixedPoint.ToDouble(expected[j]);
            if (values[j] != (session.Precision == Precision.Single ? (float)exact : exact))
                return false;
        }
        return true;
    }

    private static void SetGradient(ISession session, int step, int replicas)
    {
        for (int replica = 0; replica < replicas; replica++)
            session.Gradient.Write([.. Enumerable.Range(0, session.Run.Model.ParameterCount).Select(j => GradientOf(replica, step, j))], replica);
    }

    // Exact in a float, of either sign and any size; one in sixteen is 0.
    private static double GradientOf(int replica, int step, int weight)
    {
        uint word = new Philox((ulong)replica, (ulong)step).Word((ulong)weight);
        return (word & 15) == 0 ? 0 : (float)Math.ScaleB((int)word, -31 - (int)(word >> 4 & 31));
    }

    private static double[] Start(int count) => [.. Enumerable.Range(0, count).Select(j => (double)(float)(new Philox(77).Uniform((ulong)j) - 0.5))];

    // Momenta of every size, 1 / 65536 and 1 among them; learning rates of either sign.
    private static TrainingRun Run(int[] layers, Sharing momenta, Sharing rates, int steps, int replicas)
    {
        var model = new Mlp(layers, Activation.Tanh, Loss.Squared);
        var (momentumGrouping, rateGrouping) = (new WeightGrouping(model, momenta), new WeightGrouping(model, rates));
        var random = new Philox(3, 3);
        double Momentum(int i)
        {
            double uniform = random.Uniform((ulong)(2 * i));
            return (random.Word((ulong)(2 * i + 1)) & 7) switch { 0 => 1.0 / 65536, 1 => 1, < 4 => uniform / 16 + 1e-5, _ => 1 - uniform / 4 };
        }
        var training = new Dataset(new Table(new double[layers[0]], layers[0]), new Table(new double[layers[^1]], layers[^1]));
        return new TrainingRun(model, training, new RawRun
        {
            LearningRate = new(rateGrouping, [.. Enumerable.Range(0, steps * rateGrouping.Count).Select(i => random.Uniform((ulong)i + 1_000_000) - 0.3)], "α"),
            Momentum = new(momentumGrouping, [.. Enumerable.Range(0, steps * momentumGrouping.Count).Select(Momentum)], "γ"),
            InitialWeights = InitialWeights.Explicit(Start(model.ParameterCount)),
            Minibatches = MinibatchPlan.FullBatch(1),
        })
        { Replicas = replicas };
    }
}
