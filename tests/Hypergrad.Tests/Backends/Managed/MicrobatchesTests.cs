using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Minibatches in parts: where they are cut, that the parts add up to the whole, and to the same bits on any number of threads.</summary>
public sealed class MicrobatchesTests
{
    // With the repeated one, 261 rows: three parts of 66 and one of 63.
    private const int Examples = 260;

    private static Dictionary<string, Network> Networks { get; } = new Dictionary<string, Network>
    {
        ["dense"] = new([7], new Dense(9, Activation.Tanh), new LayerNorm(), new Dense(3)),
        ["convolution"] = new([6, 5, 2], new Convolution(4, 3, 1, Activation.Gelu), new MaxPool(2), new GroupNorm(2), new Flatten(), new Dense(3)),
        ["attention"] = Network.OfTokens(30, 6, new Embedding(8), new Positions(), new Residual(new SelfAttention(2)), new Dense(3)),
        ["squared loss"] = new([7], new Dense(9, Activation.Tanh), new Dense(2)) { Loss = Loss.Squared },
    };

    [TestCase(1, 10, 1, 1)]
    [TestCase(127, 10, 1, 127)]
    [TestCase(128, 10, 2, 64)]
    [TestCase(200, 10, 2, 100)]
    [TestCase(255, 10, 2, 128)]
    [TestCase(261, 10, 4, 66)]
    [TestCase(5000, 10, 8, 625)]
    [TestCase(5000, 130, 8, 625)]
    [TestCase(5000, 250, 4, 1250)]
    [TestCase(5000, 2000, 1, 5000)]
    public void Cut_DependsOnTheRowsAndTheWeights(int rows, int thousandsOfBytes, int count, int most)
    {
        // A dense layer of n inputs and one output has n + 1 weights.
        var network = new Network([thousandsOfBytes * 1000 / sizeof(float) / 2 - 1], new Dense(1)) { Loss = Loss.Squared };
        var microbatches = Microbatches.Of(network, rows, 2 * sizeof(float));
        Assert.That(microbatches, Is.EqualTo(new Microbatches(count, most)));
    }

    // Nine windows to an example, then one row of so many units: the windows' arithmetic is little of it, or nearly all.
    [TestCase(64, 4000, 1, 64)]
    [TestCase(64, 2, 8, 8)]
    [TestCase(40, 2, 4, 10)]
    [TestCase(8, 2, 1, 8)]
    public void Cut_OfImages_NeedsFewExamples(int rows, int units, int count, int most)
    {
        var network = new Network([6, 6, 1], new Convolution(64, 4, 0), new Flatten(), new Dense(units));
        Assert.That(Microbatches.Of(network, rows, sizeof(float)), Is.EqualTo(new Microbatches(count, most)));
    }

    // Next to nothing of the arithmetic is of single rows.
    [TestCase(32, 8, 4)]
    [TestCase(31, 4, 8)]
    [TestCase(8, 2, 4)]
    [TestCase(7, 1, 7)]
    public void Cut_OfImagesThatArePooled_NeedsFourExamples(int rows, int count, int most)
    {
        var network = new Network([6, 6, 1], new Convolution(64, 4, 0), new GlobalAveragePool(), new Dense(2));
        Assert.That(Microbatches.Of(network, rows, sizeof(float)), Is.EqualTo(new Microbatches(count, most)));
    }

    [TestCase(261, 261, new[] { 66, 66, 66, 63 })]
    [TestCase(261, 132, new[] { 66, 66, 0, 0 })]
    [TestCase(261, 133, new[] { 66, 66, 1, 0 })]
    [TestCase(261, 5, new[] { 5, 0, 0, 0 })]
    public void Rows_AreAllTaken_InTheirOrder(int full, int rows, int[] counts)
    {
        var microbatches = Microbatches.Of(Networks["dense"], full, sizeof(double));
        var parts = Enumerable.Range(0, microbatches.Count).Select(index => microbatches.RowsOf(index, rows)).ToArray();
        Assert.That(parts.Select(part => part.Count), Is.EqualTo(counts));
        Assert.That(parts.SelectMany(part => Enumerable.Range(part.First, part.Count)), Is.EqualTo(Enumerable.Range(0, rows)));
        Assert.That(microbatches.CountOf(rows), Is.EqualTo(counts.Count(count => count > 0)));
    }

    [Test]
    public void Passes_DoNotDependOnTheNumberOfThreads(
        [ValueSource(nameof(Networks))] KeyValuePair<string, Network> network, [Values] Precision precision)
    {
        var large = Case(network.Value, precision);
        using ManagedBackend one = new(1);
        var expected = large.Passes(one, precision);
        foreach (int threads in (int[])[2, 3, 5])
        {
            using var several = new ManagedBackend(threads);
            foreach (var (name, actual) in large.Passes(several, precision))
                Close.AssertSame(actual, expected[name], $"{name} on {threads} threads");
        }
    }

    /// <summary>
    /// In a step of a sweep the gradient and the tangent are evaluated together; whoever does anything else in between has them one after
    /// the other. All that comes of them is the same, and the coefficient's gradient is gathered with the step's own gradient; so it is
    /// where so many steps are kept whole, and the values of so many others.
    /// </summary>
    [Test]
    public void GradientAndTangentTogether_AreThoseOfOneAfterTheOther(
        [ValueSource(nameof(Networks))] KeyValuePair<string, Network> network, [Values(1, 2, 3)] int threads,
        [Values("0+0", "3+0", "0+3", "1+1")] string kept)
    {
        var drawn = new OperationCase(network.Value, Examples) { Replicas = 2 };
        var together = Sweep(false);
        foreach (var (name, expected) in Sweep(true))
            Close.AssertSame(together[name], expected, name);
        Assert.That(together.Values, Has.All.Some.Not.Zero);

        Dictionary<string, double[]> Sweep(bool interrupts)
        {
            using var backend = new ManagedBackend(threads);
            using var session = drawn.Open(backend, [drawn.Batch, drawn.Batch[..70], drawn.Batch]);
            OperationCase.Keep(session, new(kept[0] - '0', kept[2] - '0'));
            Quantity[] ofData = [.. session.Run.Quantities.Where(quantity => quantity.IsOfData)];
            using var adjoint = new Adjoint(session, [Quantity.LearningRate, Quantity.Momentum, .. ofData]);
            using var unused = session.NewVector();
            adjoint.State.Weights.Write(drawn.Direction);
            var found = new Dictionary<string, double[]>();
            using var train = session.NewBody(session.EvaluateGradient);
            session.ForEachStep(StepRange.Forward(0, 3), train);
            using var body = session.NewBody(step =>
            {
                session.PullBackDrifts(step, adjoint.State);
                session.EvaluateGradient(step);
                if (interrupts)
                    session.Clear(unused);
                session.PullBackKicks(step, adjoint.State, adjoint.Direction);
                session.EvaluateTangent(step, adjoint.Direction, adjoint.HessianProduct, adjoint.Data);
                session.Add(adjoint.HessianProduct, adjoint.State.Weights);
            });
            session.ForEachStep(StepRange.Backward(0, 3), body);
            for (int replica = 0; replica < 2; replica++)
                found[$"losses of {replica}"] = session.TrainingLosses(replica);
            found["gradient"] = session.Gradient.Read(drawn.Weights.Length);
            found["adjoint"] = adjoint.State.Weights.Read(drawn.Weights.Length);
            found["momentum"] = [.. adjoint.State.Coefficients.SelectMany(one => one?.ToArray(0) ?? [])];
            foreach (var quantity in ofData)
                found[quantity.Spelling] = adjoint.Data!.ToArray(quantity, 0)!;
            return found;
        }
    }

    /// <summary>The whole is the mean over batches that are too small to be cut.</summary>
    [Test]
    public void Parts_AddUpToTheWhole([ValueSource(nameof(Networks))] KeyValuePair<string, Network> network)
    {
        const int small = 45, batches = 6, examples = small * batches;
        Assert.That(Microbatches.Of(network.Value, examples, sizeof(double)).Count, Is.GreaterThanOrEqualTo(4));
        int[][] plan = [.. Enumerable.Range(0, batches).Select(batch => Enumerable.Range(batch * small, small).ToArray())];
        var drawn = new OperationCase(network.Value, examples);
        var whole = Passes([[.. plan.SelectMany(batch => batch)]]);
        var parts = Passes(plan);
        foreach (var (name, values) in whole)
            Close.Assert(values, [.. parts[name].Select(sum => sum / batches)], 1e-12, name);

        // Summed over the steps, each of them at the same weights.
        Dictionary<string, double[]> Passes(int[][] minibatches)
        {
            using var session = drawn.Open(Backend.Managed, minibatches);
            Quantity[] quantities = [.. session.Run.Quantities.Where(quantity => quantity.IsOfData)];
            using var data = session.NewDataVector(quantities);
            using IVector direction = session.NewVector(), product = session.NewVector();
            direction.Write(drawn.Direction);
            double[] gradient = new double[drawn.Weights.Length], products = new double[drawn.Weights.Length];
            for (int step = 0; step < minibatches.Length; step++)
            {
                session.EvaluateGradient(new(step));
                session.EvaluateTangent(new(step), direction, product, data);
                Add(gradient, session.Gradient.Read(gradient.Length));
                Add(products, product.Read(products.Length));
            }
            var results = quantities.ToDictionary(quantity => quantity.Spelling, quantity => data.ToArray(quantity, 0)!);
            (results["gradient"], results["Hu"], results["loss"]) = (gradient, products, [session.TrainingLosses(0).Sum()]);
            return results;
        }

        static void Add(double[] sum, double[] values)
        {
            for (int i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }
    }

    /// <summary>A session that evaluates in parts, and has fewer rows at hand, finds the loss that one finds which does not.</summary>
    [TestCase(3)]
    [TestCase(300)]
    [TestCase(1000)]
    public void Evaluation_OfADataset_IsThatOfASessionThatIsNotCut(int count)
    {
        var drawn = new OperationCase(Networks["dense"], Examples);
        var data = new OperationCase(Networks["dense"], count, seed: 2).Data;
        var (actual, gradient) = Evaluate([drawn.Batch]);
        var (expected, wanted) = Evaluate([[0, 1, 2]]);
        Close.Assert(actual.Loss, expected.Loss, 1e-13, "loss");
        Assert.That(actual.ErrorRate, Is.EqualTo(expected.ErrorRate));
        Close.Assert(gradient, wanted, 1e-12, "gradient");

        (Evaluation, double[]) Evaluate(int[][] minibatches)
        {
            using var session = drawn.Open(Backend.Managed, minibatches);
            using var vector = session.NewVector();
            var evaluation = session.Evaluate(data, vector)[0];
            return (evaluation, vector.Read(drawn.Weights.Length));
        }
    }

    /// <summary>A last minibatch that fills only some of the parts; evaluations that are kept; replicas; all of it on several threads.</summary>
    [Test]
    public void Hypergradients_OfRaggedMinibatches_AreReversedToTheBit(
        [Values(1, 2, 3)] int threads, [Values(0L, 250_000L, 700_000L, 1L << 30)] long budget)
    {
        var network = new Network([12], new Dense(10, Activation.Tanh), new Dropout(0.2), new Dense(3));
        var data = new OperationCase(network, 2 * Examples + 70).Data;
        var run = new TrainingRun(network, data, new HyperparameterSet
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(7, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(7, Sharing.Tensor, 0.5),
            },
            InitialScale = Scale.Per(Sharing.Tensor, 0.3),
            ExampleWeights = ExampleWeights.All(),
        })
        { BatchSize = Examples, Replicas = 2 };
        var actual = Compute(threads, new ReversibleMethod { MemoryBudget = budget });
        var expected = Compute(1, new StoredMethod());
        Assert.That(actual.Reversal, Is.Not.Null.And.Property("Exact").True);
        Close.AssertSame(actual.TrainingLosses, Compute(1, new ReversibleMethod()).TrainingLosses, "training losses");
        Close.Assert(actual.Coordinates, expected.Coordinates, 1e-6, "coordinates");

        Hypergradient Compute(int threads, HypergradientMethod method)
        {
            using var backend = new ManagedBackend(threads);
            return Hypergradient.Compute(run, data, method, new() { Backend = backend, Precision = Precision.Double });
        }
    }

    private static OperationCase Case(Network network, Precision precision)
    {
        var large = new OperationCase(network, Examples);
        int size = precision == Precision.Single ? sizeof(float) : sizeof(double);
        Assert.That(Microbatches.Of(network, large.Batch.Length, size).Count, Is.GreaterThanOrEqualTo(4));
        return large;
    }
}
