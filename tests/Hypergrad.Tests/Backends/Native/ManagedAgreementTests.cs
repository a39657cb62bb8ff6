using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>
/// The native library against the managed session: gradients and tangents of every operation to rounding, and states of every optimizer,
/// given the same gradients, to the bit.
/// </summary>
[TestFixtureSource(typeof(BackendUnderTest), nameof(NativeNames))]
public sealed class ManagedAgreementTests(string backend) : BackendUnderTest(backend)
{
    private const int Steps = 24, Replicas = 2;

    private static IEnumerable<TestCaseData> Networks()
    {
        yield return Of("activations", new([5], new Dense(7, Activation.Gelu), new ActivationLayer(Activation.Softplus),
            new Dense(6, Activation.Tanh), new Dense(5, Activation.Sigmoid), new Dropout(0.3), new Dense(3)));
        yield return Of("squared loss", new(NetworkInput.Numbers(5), [new Dense(6, Activation.Relu), new Dense(3)], Loss.Squared));
        yield return Of("convolutions", new([6, 5, 2],
            new Convolution(4, kernel: 3, padding: 1, Activation.Tanh), new GroupNorm(2),
            new Residual(new Convolution(4, 3, 1, Activation.Gelu), new Convolution(4, 3, 1)) { Activation = Activation.Softplus },
            new Convolution(6, 2) { Stride = (2, 1) }, new MaxPool(2) { Stride = (1, 1) }, new Dropout(0.2), new Flatten(), new Dense(3)));
        yield return Of("pools of the input", new([6, 6, 2],
            new AveragePool(2), new Residual(new Dense(4)) { Shortcut = [new Convolution(4, 1)] }, new LayerNorm(), new GlobalAveragePool(),
            new Dense(3)));
        yield return Of("transformer", new(NetworkInput.Tokens(7, 6),
        [
            new Embedding(8), new Positions(), new Residual(new LayerNorm(), new SelfAttention(2, IsCausal: true), new Dropout(0.1)),
            new Residual(new LayerNorm(), new Dense(12, Activation.Gelu), new Dense(8)), new SelfAttention(4), new LayerNorm(),
            new Dense(3),
        ]));
    }

    private static IEnumerable<TestCaseData> Optimizers() =>
        from sharing in new[] { Sharing.All, Sharing.Layer, Sharing.Tensor, Sharing.Unit }
        from precision in Enum.GetValues<Precision>()
        from optimizer in new Optimizer[]
        {
            new Momentum { LearningRate = Schedule.PerStep(Steps, sharing, 0.3), Coefficient = Schedule.PerStep(Steps, sharing, 0.17) },
            new AdamW
            {
                LearningRate = Schedule.PerStep(Steps, sharing, 0.01),
                Beta1 = Schedule.PerStep(Steps, Sharing.Tensor, 0.3),
                Beta2 = Schedule.PerStep(Steps, sharing, 0.4),
                Epsilon = Schedule.Constant(Sharing.All, 1e-6),
                WeightDecay = Schedule.PerStep(Steps, sharing, 0.5),
            },
        }
        select new TestCaseData(optimizer, precision).SetArgDisplayNames(optimizer.Name, sharing.ToString(), precision.ToString());

    [TestCaseSource(nameof(Networks))]
    public void Gradients_AreThoseOfTheManagedSession(Network network)
    {
        var run = RunOf(network, new Momentum
        {
            LearningRate = Schedule.Constant(3, Sharing.All, 0.1),
            Coefficient = Schedule.Constant(Sharing.All, 0.9),
        });
        using ISession actual = UnderTest.Open(run, Precision.Double), expected = Backend.Managed.Open(run, Precision.Double);
        double[][] results = Passes(actual), wanted = Passes(expected);
        Assert.That(results, Has.Length.EqualTo(wanted.Length));
        for (int i = 0; i < results.Length; i++)
            Close.Assert(results[i], wanted[i], 1e-12, $"result {i}");
    }

    [TestCaseSource(nameof(Optimizers))]
    public void States_AreTheManagedOnesToTheBit(Optimizer optimizer, Precision precision)
    {
        // Tensors that end within a vector and within a tile.
        var run = RunOf(new([37], new Dense(61, Activation.Tanh), new Dense(3)), optimizer);
        using ISession actual = UnderTest.Open(run, precision), expected = Backend.Managed.Open(run, precision);
        using IReversibleState state = actual.NewReversibleState(), specified = expected.NewReversibleState();
        state.Start();
        specified.Start();
        AssertSame("start");
        for (int t = 0; t < Steps; t++)
        {
            SetGradients(t);
            state.Advance(new Step(t));
            specified.Advance(new Step(t));
            AssertSame($"after step {t}");
        }
        state.BeginRetreat();
        specified.BeginRetreat();
        for (int t = Steps - 1; t >= 0; t--)
        {
            state.RetreatWeights(new Step(t));
            specified.RetreatWeights(new Step(t));
            SetGradients(t);
            state.RetreatSlots(new Step(t));
            specified.RetreatSlots(new Step(t));
            AssertSame($"before step {t}");
        }
        Assert.That((state.EqualsStart(), specified.EqualsStart()), Is.EqualTo((true, true)));
        Assert.That(state.SpilledBytes, Is.EqualTo(specified.SpilledBytes).And.GreaterThan(0));
        Assert.That(state.ResidentBytes, Is.EqualTo(specified.ResidentBytes).And.GreaterThan(0));

        void SetGradients(int step)
        {
            for (int replica = 0; replica < Replicas; replica++)
            {
                // Of float precision, so that both sessions have the same ones.
                double[] noise = Noise(run.Network.ParameterCount, step, (ulong)replica);
                double[] gradient = Array.ConvertAll(noise, number => (double)(float)number);
                actual.Gradient.Write(gradient, replica);
                expected.Gradient.Write(gradient, replica);
            }
        }

        void AssertSame(string when)
        {
            Assert.That(state.Hash(), Is.EqualTo(specified.Hash()), $"hash, {when}");
            for (int replica = 0; replica < Replicas; replica++)
                Assert.That(
                    Contents(actual, state, replica), Is.EqualTo(Contents(expected, specified, replica)), $"replica {replica}, {when}");
        }
    }

    private static TestCaseData Of(string name, Network network) => new TestCaseData(network).SetArgDisplayNames(name);

    private static RawRun RunOf(Network network, Optimizer optimizer)
    {
        var hyperparameters = new HyperparameterSet
        {
            Optimizer = optimizer,
            InitialScale = Scale.Per(Sharing.Tensor, 0.3),
            L2 = Penalty.Per(Sharing.Tensor, 1e-3),
            L1 = Penalty.Per(Sharing.Tensor, 1e-4),
            ExampleWeights = ExampleWeights.All(),
        };
        return new TrainingRun(network, DataFor(network, 11, 1), hyperparameters)
        {
            BatchSize = 8,
            Sampling = Sampling.WithReplacement,
            Replicas = Replicas,
        }.Lower();
    }

    private static Dataset DataFor(Network network, int examples, ulong seed)
    {
        double[] inputs = Noise(examples * network.InputSize, 0, seed), targets = Noise(examples * network.OutputShape.Count, 1, seed);
        if (network.Input.Vocabulary is { } vocabulary)
            inputs = Array.ConvertAll(inputs, number => Math.Floor(Math.Abs(number) * 100) % vocabulary);
        if (network.Loss == Loss.SoftmaxCrossEntropy)
            targets = Array.ConvertAll(targets, Math.Abs);
        return new(new Table(inputs, network.InputSize), new Table(targets, network.OutputShape.Count));
    }

    // Everything that the passes of two steps and an evaluation yield.
    private static double[][] Passes(ISession session)
    {
        var results = new List<double[]>();
        int count = session.Run.Network.ParameterCount;
        Quantity[] quantities = session.Run.Network.Input.IsTokens
            ? [Quantity.Targets, Quantity.ExampleWeights]
            : [Quantity.Inputs, Quantity.Targets, Quantity.ExampleWeights];
        using IVector direction = session.NewVector(), product = session.NewVector();
        using var data = session.NewDataVector(quantities);
        session.Start();
        for (int replica = 0; replica < Replicas; replica++)
            direction.Write(Noise(count, 2, (ulong)replica), replica);
        foreach (int step in new[] { 0, 2 })
        {
            session.EvaluateGradient(new Step(step));
            session.EvaluateTangent(new Step(step), direction, product, data);
            for (int replica = 0; replica < Replicas; replica++)
                results.AddRange([session.Gradient.Read(count, replica), product.Read(count, replica)]);
        }
        var evaluations = session.Evaluate(DataFor(session.Run.Network, 150, 2), product);
        for (int replica = 0; replica < Replicas; replica++)
        {
            results.AddRange([.. quantities.Select(quantity => data.ToArray(quantity, replica)!)]);
            results.AddRange([product.Read(count, replica), session.TrainingLosses(replica), [evaluations[replica].Loss]]);
            if (session.Run.Network.Loss == Loss.SoftmaxCrossEntropy)
                results.Add([evaluations[replica].ErrorRate]);
        }
        return [.. results];
    }

    // The bits of a state and of the session's own vectors.
    private static ulong[] Contents(ISession session, IReversibleState state, int replica)
    {
        var (optimizer, count) = (session.Run.Optimizer, session.Run.Network.ParameterCount);
        var contents = new List<ulong>();
        var (numbers, lower, stores) = (new long[count], new ulong[count], new uint[count]);
        for (int slot = -1; slot < optimizer.Slots.Count; slot++)
        {
            state.CopyNumbers(slot, replica, numbers);
            contents.AddRange(numbers.Select(number => (ulong)number));
            if (slot < 0 || !optimizer.Slots[slot].IsSecondMoment)
                continue;
            state.CopyLowerWords(slot, replica, lower);
            contents.AddRange(lower);
        }
        foreach (var (index, decay) in optimizer.Decays.Index())
        {
            state.CopyStores(index, replica, stores);
            contents.AddRange(stores.Select(store => (ulong)store));
            for (int group = 0; group < decay.Coefficient.Grouping.Count; group++)
                contents.AddRange(state.CopyPlanes(index, replica, group).Select(value => (ulong)value));
        }
        foreach (var vector in session.Slots.Prepend(session.Weights))
            contents.AddRange(vector.Read(count, replica).Select(BitConverter.DoubleToUInt64Bits));
        return [.. contents];
    }

    private static double[] Noise(int count, int stream, ulong seed)
    {
        var noise = new double[count];
        new Philox(seed, (ulong)stream).Normal(noise);
        return noise;
    }
}
