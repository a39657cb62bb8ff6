using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Experiments.Papers;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Trajectories;

namespace Hypergrad.Tests.Hyperparameters;

/// <summary>Hyperparameters made by maps: whole hypergradients against central differences, what is held, and what is refused.</summary>
[TestFixture]
public sealed class WeightMapTests
{
    private const double Shift = 1e-5;
    private const int Steps = 4;

    private static readonly Network Perceptron = Network.Mlp([3, 4, 4, 2], Activation.Tanh);

    private static readonly Network Tasks = new([3, 1, 2],
        new TaskRows(), new TaskMixture(4, Activation.Tanh), new TaskMixture(2));

    private static readonly Network Signal = new([8], new NearConvolution(3, 3, 2), new GlobalAveragePool(), new Dense(2));

    private static TestCaseData[] Maps() =>
    [
        Case("units", Perceptron, Penalty.By(CutoffPenalty.OfUnits(Perceptron, [0, 1], 0.3, 0.8, 2.2)), null),
        Case("layers", Perceptron, Penalty.By(CutoffPenalty.OfLayers(Perceptron, [[0], [1, 2]], 0.3, 0.5, 0.9)), null),
        Case("mixing", Tasks, null, HeldWeights.By(TaskMixing.Of(Tasks, 3, 0.3, 0.8))),
        Case("shift", Signal, null, HeldWeights.By(new ShiftedWindows(Signal, 3, 1.3))),
    ];

    [TestCaseSource(nameof(Maps))]
    public void Coordinates_AreTheSlopesOfTheValidationLoss(Network network, Penalty? penalty, HeldWeights? held)
    {
        var data = Data(network);
        using (Assert.EnterMultipleScope())
            foreach (var optimizer in new Optimizer[] { Momentum(), AdamW() })
            {
                var run = Run(network, data, optimizer, penalty, held);
                double[] vector = run.Hyperparameters!.ToVector(network);
                double[] slopes = [.. vector.Select((_, i) => (LossAt(i, Shift) - LossAt(i, -Shift)) / (2 * Shift))];
                Assert.That(slopes.Max(Math.Abs), Is.GreaterThan(1e-6), "something to compare");
                foreach (var method in new HypergradientMethod[] { new ReversibleMethod(), new StoredMethod() })
                    Close.Assert(
                        Hypergradient.Compute(run, data, method, new() { Precision = Precision.Double }).Coordinates, slopes,
                        optimizer.Name == "adamw" ? 1e-4 : 1e-6, $"{optimizer}, {method.Name}");

                double LossAt(int coordinate, double by)
                {
                    double[] moved = [.. vector];
                    moved[coordinate] += by;
                    return Hypergradient.Stored(run.With(run.Hyperparameters!.WithVector(network, moved)), data,
                        new() { Precision = Precision.Double, Quantities = [] }).ValidationLoss;
                }
            }
    }

    [Test]
    public void HeldWeights_AreLeftAloneByTraining_AndTheOthersAreNot([Values] bool byUnit)
    {
        var held = HeldWeights.By(TaskMixing.Of(Tasks, 3, 0.3, 0.8));
        var rates = byUnit ? Sharing.Unit : Sharing.All;
        var run = Run(Tasks, Data(Tasks), Momentum(rates), null, held);
        double[] start = new double[Tasks.ParameterCount], end = Training.Run(run, []).FinalWeights[0];
        run.Lower().InitialWeights.Fill(0, 0, start);
        foreach (var tensor in Tasks.Tensors)
        {
            var range = tensor.Offset..(tensor.Offset + tensor.Count);
            if (tensor.Role == ParameterRole.Held)
                Close.AssertSame(end[range], [.. start[range].Select(weight => (double)(float)weight)], tensor.Name);
            else
                Assert.That(end[range], Is.Not.EqualTo(start[range]), tensor.Name);
        }
        Assert.That(start[Tasks.Tensors.Single(tensor => tensor.Name == "M1").Offset], Is.EqualTo(held.Map.Start[0]));
    }

    [Test]
    public void Mixing_StartsApartOrTied()
    {
        double third = 1 / Math.Sqrt(3);
        Close.Assert(TaskMixing.Of(Tasks, 3, 0, 1).Start,
            [1, 0, 0, 0, 1, 0, 0, 0, 1, .. Enumerable.Repeat(third, 9)], 1e-12, "a network each, then one for all");
    }

    [Test]
    public void Cutoff_LeavesWhatLiesBelowFree_AndPenalisesWhatLiesBeyond()
    {
        var weights = new double[Perceptron.ParameterCount];
        CutoffPenalty.OfUnits(Perceptron, [0], strength: 2, softness: 0.05, start: 2).Apply([2.0], weights);
        Close.AssertWithin(weights[..4], [0, 0, 2, 2], 1e-3, "the weights of the first input into four units");
        Assert.That(weights.AsSpan(Perceptron.Tensors[2].Offset).ToArray(), Is.All.Zero, "layers that were not chosen");
    }

    [Test]
    public void Names_SayWhatAPersonCallsThem()
    {
        Assert.That(CutoffPenalty.OfUnits(Perceptron, [1], 1, 1, 1).NameOf(0), Is.EqualTo("cut-off of layer 2"));
        Assert.That(CutoffPenalty.OfLayers(Perceptron, [[1]], 1, 1, 1).NameOf(0), Is.EqualTo("cut-off of layers"));
        Assert.That(TaskMixing.Of(Tasks, 3, 0, 0).NameOf(14), Is.EqualTo("task 2 from network 3, M2"));
    }

    [Test]
    public void MapsOfAnotherNetwork_AreRefused()
    {
        var other = Network.Mlp([3, 5, 2]);
        Refusals.Configuration(
            () => Run(other, Data(other), Momentum(), Penalty.By(CutoffPenalty.OfUnits(Perceptron, [0], 1, 1, 1)), null),
            "The map CutoffPenalty is of the network 3-4-4-2 and the run trains 3-5-2; make it for that one.");
        Refusals.Configuration(
            () => Run(Perceptron, Data(Perceptron), Momentum(), null, HeldWeights.By(TaskMixing.Of(Tasks, 3, 0, 0))),
            "Held weights for the network 3-4-4-2, which trains all of its weights; give it a layer that has some, or leave them out.");
    }

    [Test]
    public void LearningRatesOfHeldWeights_AreNotTuned() => Assert.That(
        () => Run(Tasks, Data(Tasks), new Momentum
        {
            LearningRate = Schedule.Constant(Steps, Sharing.All, 0.3),
            Coefficient = Schedule.Constant(Steps, Sharing.All, 0.5).Fixed(),
        }, null, HeldWeights.By(TaskMixing.Of(Tasks, 3, 0, 0))),
        Throws.TypeOf<ConfigurationException>().With.Message.EndsWith("leave it as it is here, and tune it in a run of its own."));

    [Test]
    public void Cutoffs_ThatMakeNoSense_AreRefused()
    {
        static Action Units(int[] layers, double strength = 1, double softness = 1, double start = 1) =>
            () => CutoffPenalty.OfUnits(Perceptron, layers, strength, softness, start);
        Refusals.Configuration(Units([]), "A cut-off penalty of no layer; choose at least one.");
        Refusals.Configuration(Units([3]), "A cut-off penalty of layer 3: the network 3-4-4-2 has layers 0 to 2.");
        Refusals.Configuration(Units([1, 1]), "A cut-off penalty of the layers 1, 1: choose each layer once.");
        Refusals.Configuration(Units([0], strength: 0), "A cut-off penalty of strength 0: it must be above 0 and finite.");
        Refusals.Configuration(Units([0], softness: -1), "A cut-off of softness -1: it must be above 0 and finite, such as 1 unit.");
        Refusals.Configuration(Units([0], start: double.NaN), "A cut-off at NaN: it must be finite, such as half the units.");
    }

    [Test]
    public void Mixings_ThatMakeNoSense_AreRefused()
    {
        Refusals.Configuration(() => TaskMixing.Of(Perceptron, 3, 0),
            "A mixing across 3 tasks for the network 3-4-4-2: it has no held tensor of 3 × 3, one for each layer that mixes; two tasks are "
                + "the fewest.");
        Refusals.Configuration(() => TaskMixing.Of(Tasks, 3, 0), "1 ties for 2 layers that mix; give each layer one.");
        Refusals.Configuration(() => TaskMixing.Of(Tasks, 3, 0, 2),
            "A tie of 2: it must be from 0, apart, to 1, one network for all tasks.");
    }

    [Test]
    public void Maps_AreNotWrittenToFiles()
    {
        var set = Run(Perceptron, Data(Perceptron), Momentum(), Penalty.By(CutoffPenalty.OfUnits(Perceptron, [0], 1, 1, 1)), null)
            .Hyperparameters!;
        Refusals.Configuration(() => HyperparameterFile.Write(Stream.Null, Perceptron, set),
            "The L2 penalty is made by a map, which is code and cannot be written to a file of hyperparameters; keep its Values, and make "
                + "the map again.");
    }

    private static TestCaseData Case(string name, Network network, Penalty? penalty, HeldWeights? held) =>
        new TestCaseData(network, penalty, held).SetArgDisplayNames(name);

    private static TrainingRun Run(Network network, Dataset data, Optimizer optimizer, Penalty? penalty, HeldWeights? held) =>
        new(network, data, new()
        {
            Optimizer = optimizer,
            InitialScale = Scale.Per(Sharing.All, 0.6).Fixed(),
            L2 = penalty,
            HeldWeights = held,
        })
        {
            BatchSize = 4,
            Seed = 3,
        };

    private static Momentum Momentum(Sharing rates = Sharing.All) => new()
    {
        LearningRate = Schedule.Constant(Steps, rates, 0.4).Fixed(),
        Coefficient = Schedule.Constant(Steps, Sharing.All, 0.75).Fixed(),
    };

    private static AdamW AdamW() => new()
    {
        LearningRate = Schedule.Constant(Steps, Sharing.Layer, 0.05).Fixed(),
        WeightDecay = Schedule.Constant(Steps, Sharing.All, 0.1).Fixed(),
    };

    private static Dataset Data(Network network)
    {
        const int Count = 6;
        var random = new Philox(11);
        int positions = network.OutputShape.Positions;
        double[] inputs = [.. Enumerable.Range(0, Count * network.InputSize).Select(i => 2 * random.Uniform((ulong)i) - 1)];
        double[] classes = [.. Enumerable.Range(0, Count * positions).Select(i => (double)(i * 7 % 3 % network.OutputSize))];
        return new(new Table(inputs, network.InputSize), new Table(classes, positions)) { HasClassTargets = true };
    }
}
