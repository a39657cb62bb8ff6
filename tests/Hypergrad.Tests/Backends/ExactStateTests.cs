using Hypergrad.Arithmetic;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends;

/// <summary>
/// The exact arithmetic of every backend against its scalar specification, bit for bit: weights, slots, information stores, every spilled
/// byte.
/// </summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NamesAndPrecisions))]
public sealed class ExactStateTests(string backend, Precision precision) : BackendUnderTest(backend)
{
    // Tensors of 1 to 15 weights, so that vectors end everywhere, over many steps; then one of more than a tile, where tiles meet and
    // end, over enough that stores spill.
    private static readonly (int[] Layers, int Steps)[] Networks = [([1, 1], 40), ([3, 5, 2], 40), ([7, 9, 1], 40), ([61, 70, 3], 12)];

    private static IEnumerable<TestCaseData> Cases() =>
        from network in Networks
        from decays in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit }
        from rates in new[] { Sharing.All, Sharing.Unit }
        from optimizer in OptimizerKinds.All
        where optimizer is not Nesterov
        select new TestCaseData(network.Layers, network.Steps, optimizer, decays, rates).SetArgDisplayNames(
            string.Join('-', network.Layers), $"{network.Steps} steps", optimizer.Name, decays.ToString(), rates.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Kernels_EqualTheSpecification(int[] layers, int steps, Optimizer optimizer, Sharing decays, Sharing rates)
    {
        const int replicas = 2;
        var run = Run(layers, optimizer, decays, rates, steps, replicas);
        int count = run.Network.ParameterCount;
        using var session = UnderTest.Open(run, precision);
        using var state = session.NewReversibleState();
        state.Start();
        SpecifiedState[] expected = [.. Enumerable.Range(0, replicas).Select(_ => new SpecifiedState(run.Optimizer, Start(count)))];
        var snapshots = new List<ReversibleNumber[]>[replicas];
        for (int replica = 0; replica < replicas; replica++)
            snapshots[replica] = [[.. expected[replica].Everything]];
        AssertEqual(session, state, expected, "start");

        for (int t = 0; t < steps; t++)
        {
            double[][] gradients = SetGradient(session, t, replicas);
            state.Advance(new Step(t));
            for (int replica = 0; replica < replicas; replica++)
            {
                expected[replica].Advance(t, j => gradients[replica][j]);
                snapshots[replica].Add([.. expected[replica].Everything]);
            }
            AssertEqual(session, state, expected, $"after step {t}");
        }
        AssertPlanes(state, run.Optimizer, expected);

        state.BeginRetreat();
        for (int t = steps - 1; t >= 0; t--)
        {
            AssertSlots(session, expected);
            state.RetreatWeights(new Step(t));
            foreach (var replica in expected)
                replica.UndoWeights(t);
            AssertEqual(session, state, expected, $"with the weights before step {t}");
            double[][] gradients = SetGradient(session, t, replicas);
            state.RetreatSlots(new Step(t));
            for (int replica = 0; replica < replicas; replica++)
            {
                expected[replica].UndoSlots(t, j => gradients[replica][j]);
                Assert.That(expected[replica].Everything.SequenceEqual(snapshots[replica][t]), Is.True, $"the specification at step {t}");
            }
            AssertEqual(session, state, expected, $"before step {t}");
        }
        AssertSlots(session, expected);
        Assert.That(state.EqualsStart(), Is.True);
    }

    [Test]
    public void EqualsStart_SeesASlotThatStays([Values("momentum", "adamw")] string optimizer)
    {
        var run = Run([3, 2], OptimizerKinds.ByName[optimizer], Sharing.All, Sharing.All, 1, 1);
        using var session = UnderTest.Open(run, precision);
        using var state = session.NewReversibleState();
        state.Start();
        Assert.That(state.EqualsStart(), Is.True);
        SetGradient(session, 0, 1);
        state.Advance(new Step(0));
        Assert.That(state.EqualsStart(), Is.False);
        state.BeginRetreat();
        state.RetreatWeights(new Step(0));
        Assert.That(state.EqualsStart(), Is.False, "the slots are those after the step");
        SetGradient(session, 0, 1);
        state.RetreatSlots(new Step(0));
        Assert.That(state.EqualsStart(), Is.True);
    }

    private static void AssertEqual(ISession session, IReversibleState state, SpecifiedState[] expected, string when)
    {
        int count = session.Run.Network.ParameterCount;
        var optimizer = session.Run.Optimizer;
        var (upper, lower, stores) = (new long[count], new ulong[count], new uint[count]);
        for (int replica = 0; replica < expected.Length; replica++)
        {
            foreach (var slot in expected[replica].Slots)
            {
                var numbers = expected[replica].Numbers(slot);
                state.CopyNumbers(optimizer.IndexOf(slot), replica, upper);
                if (slot.IsSecondMoment)
                    state.CopyLowerWords(optimizer.IndexOf(slot), replica, lower);
                for (int j = 0; j < count; j++)
                    if ((slot.IsSecondMoment ? new Int128((ulong)upper[j], lower[j]) : upper[j]) != numbers[j])
                        Assert.Fail($"the {slot.Name} of weight {j} {when}");
            }
            for (int decay = 0; decay < optimizer.Decays.Count(); decay++)
            {
                state.CopyStores(decay, replica, stores);
                Assert.That(stores.AsSpan().SequenceEqual(expected[replica].Stores(decay)), Is.True, $"stores of decay {decay} {when}");
            }
            Assert.That(Same(session, session.Weights, replica, expected[replica].Real(Slot.Weights)), Is.True, $"weights {when}");
        }
        Assert.That(state.Hash(), Is.EqualTo(expected.Select(replica => replica.Hash())), $"hashes {when}");
    }

    private static void AssertPlanes(IReversibleState state, RawOptimizer optimizer, SpecifiedState[] expected)
    {
        for (int replica = 0; replica < expected.Length; replica++)
        {
            long spilled = 0;
            foreach (var (i, decay) in optimizer.Decays.Index())
                for (int group = 0; group < decay.Coefficient.Grouping.Count; group++)
                {
                    byte[] planes = state.CopyPlanes(i, replica, group);
                    Assert.That(planes.AsSpan().SequenceEqual(expected[replica].Planes(i, group)), Is.True,
                        $"planes of decay {i}, group {group}");
                    spilled += planes.Length;
                }
            Assert.That(state.SpilledBytes, Is.EqualTo(spilled).And.GreaterThan(0));
        }
    }

    private static void AssertSlots(ISession session, SpecifiedState[] expected)
    {
        for (int replica = 0; replica < expected.Length; replica++)
            foreach (var slot in session.Run.Optimizer.Slots)
                Assert.That(Same(session, session.Slots[session.Run.Optimizer.IndexOf(slot)], replica, expected[replica].Real(slot)),
                    Is.True, $"the {slot.Name} as a real number");
    }

    private static bool Same(ISession session, IVector vector, int replica, double[] expected)
    {
        double[] values = vector.Read(expected.Length, replica);
        for (int j = 0; j < expected.Length; j++)
            if (values[j] != (session.Precision == Precision.Single ? (float)expected[j] : expected[j]))
                return false;
        return true;
    }

    // What was set, of every replica.
    private static double[][] SetGradient(ISession session, int step, int replicas)
    {
        var gradients = new double[replicas][];
        for (int replica = 0; replica < replicas; replica++)
        {
            gradients[replica] =
                [.. Enumerable.Range(0, session.Run.Network.ParameterCount).Select(j => GradientOf(replica, step, j))];
            session.Gradient.Write(gradients[replica], replica);
        }
        return gradients;
    }

    // Exact in a float, of either sign and any size; one in sixteen is 0.
    private static double GradientOf(int replica, int step, int weight)
    {
        uint word = new Philox((ulong)replica, (ulong)step).Word((ulong)weight);
        return (word & 15) == 0 ? 0 : (float)Math.ScaleB((int)word, -31 - (int)(word >> 4 & 31));
    }

    private static double[] Start(int count) =>
        [.. Enumerable.Range(0, count).Select(j => (double)(float)(new Philox(77).Uniform((ulong)j) - 0.5))];

    // Decays of every size, 1 / 65536 and 1 among them; learning rates of either sign, but for AdamW.
    private static RawRun Run(int[] layers, Optimizer optimizer, Sharing decays, Sharing rates, int steps, int replicas)
    {
        var network = Network.Mlp(layers, Activation.Tanh, Loss.Squared);
        var random = new Philox(3, 3);
        var tables = new OptimizerTables();
        foreach (var (quantity, _) in optimizer.Schedules)
        {
            bool isDecay = quantity == Quantity.Momentum || quantity == Quantity.Beta1 || quantity == Quantity.Beta2;
            var grouping = new WeightGrouping(network, isDecay ? decays : rates);
            Func<int, double> value = isDecay ? Decay
                : quantity == Quantity.LearningRate ? i => Uniform(i) - (optimizer is AdamW ? 0 : 0.3)
                : quantity == Quantity.WeightDecay ? i => 0.9 * Uniform(i)
                : i => Math.ScaleB(1, -(int)(6 * Uniform(i)));
            tables[quantity] = new(grouping, [.. Enumerable.Range(0, steps * grouping.Count).Select(value)], quantity.Name);

            double Uniform(int i) => random.Uniform((ulong)i + 1_000_000 * (ulong)quantity.Name.Length);

            double Decay(int i)
            {
                double uniform = Uniform(2 * i);
                // Adam's means of gradients never keep all.
                return (random.Word((ulong)(2 * i + 1)) & 7) switch
                {
                    0 => 1.0 / 65536,
                    1 => optimizer is AdamW ? 1 - 1e-4 * (0.2 + uniform) : 1,
                    < 4 => uniform / 16 + 1e-5,
                    _ => 1 - uniform / 4,
                };
            }
        }
        return new()
        {
            Network = network,
            Training = new(new Table(new double[layers[0]], layers[0]), new Table(new double[layers[^1]], layers[^1])),
            Optimizer = optimizer.Lower(tables),
            InitialWeights = InitialWeights.Explicit(Start(network.ParameterCount)),
            Minibatches = MinibatchPlan.FullBatch(1),
            Replicas = replicas,
        };
    }
}
