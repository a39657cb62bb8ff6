using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Networks;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed.Operations;

/// <summary>Batches that are large enough to be shared out: the same bits on every number of threads, and the right ones.</summary>
public sealed class OperationThreadsTests
{
    private const int Examples = 37;

    private static IReadOnlyDictionary<string, Network> Networks { get; } = new Dictionary<string, Network>
    {
        ["convolutions"] = new([17, 19, 3], new Convolution(20, 3, 1, Activation.Gelu),
            new Convolution(5, 3, 1) { Stride = (2, 2) }, new Flatten(), new Dense(3)),
        ["convolutions of whole vectors"] = new([11, 41, 3], new Convolution(64, 3, 1, Activation.Gelu),
            new Convolution(48, 3, 0, Activation.Tanh), new Convolution(32, 5, 2) { Stride = (1, 2) }, new GlobalAveragePool(), new Dense(3)),
        ["pools"] = new([16, 18, 3], new Convolution(20, 1, 0, Activation.Tanh), new MaxPool(3) { Stride = (2, 2) }, new AveragePool(2),
            new Flatten(), new Dense(3)),
        ["residuals of norms"] = new([12, 13, 3], new Convolution(18, 3, 1),
            new Residual(new GroupNorm(3), new Dropout(0.3), new Convolution(18, 3, 1, Activation.Tanh)), new GlobalAveragePool(),
            new LayerNorm(), new Dense(3)),
        ["attention"] = Network.OfTokens(300, 24, new Embedding(36), new Positions(),
            new Residual(new LayerNorm(), new SelfAttention(4, IsCausal: true)),
            new Residual(new Dense(50, Activation.Gelu), new Dense(36)), new Dense(5)),
    };

    private static IEnumerable<string> Names => OperationCase.Networks.Keys;

    [Test]
    public void Passes_DoNotDependOnTheNumberOfThreads(
        [ValueSource(nameof(Networks))] KeyValuePair<string, Network> network, [Values] Precision precision)
    {
        var large = new OperationCase(network.Value, Examples);
        using ManagedBackend one = new(1);
        var expected = large.Passes(one, precision);
        foreach (int threads in (int[])[2, 3])
        {
            using var several = new ManagedBackend(threads);
            foreach (var (name, actual) in large.Passes(several, precision))
                Close.AssertSame(actual, expected[name], $"{name} on {threads} threads");
        }
    }

    /// <summary>Together by each operation in turn, or all tangents after an evaluation that is kept.</summary>
    [Test]
    public void Passes_TogetherAndOneByOne_AreTheSame(
        [ValueSource(nameof(Names))] string network, [Values] Loss loss, [Values] Precision precision)
    {
        var small = new OperationCase(OperationCase.Networks[network](loss));
        var expected = small.Passes(Backend.Managed, precision);
        using var session = small.Open(Backend.Managed, precision);
        Assert.That(session.KeepEvaluations(1 << 20), Is.EqualTo(session.Run.Steps), "all steps are kept");
        foreach (var (name, actual) in small.Passes(session))
            Close.AssertSame(actual, expected[name], name);
    }

    /// <summary>Tangents of values that an evaluation before left behind.</summary>
    [Test]
    public void Passes_OfKeptValues_AreTheSame([ValueSource(nameof(Names))] string network, [Values] Loss loss, [Values] Precision precision)
    {
        var small = new OperationCase(OperationCase.Networks[network](loss));
        var expected = small.Passes(Backend.Managed, precision);
        using var session = small.Open(Backend.Managed, precision);
        OperationCase.Keep(session, new(0, session.Run.Steps));
        for (int step = 0; step < session.Run.Steps; step++)
            session.EvaluateGradient(new(step));
        foreach (var (name, actual) in small.Passes(session))
            Close.AssertSame(actual, expected[name], name);
    }

    /// <summary>At other weights the values that were kept show that nothing was evaluated again, and after one use it is.</summary>
    [Test]
    public void KeptValues_AreUsedOnce([Values] Precision precision)
    {
        var small = new OperationCase(OperationCase.Networks[Names.First()](Loss.Squared));
        double[] others = [.. small.Weights.Select(weight => weight + 0.25)];
        double[] expected = Product(keeps: false).First;
        var (first, second) = Product(keeps: true);
        Assert.That(first, Is.Not.EqualTo(expected));
        Close.AssertSame(second, expected, "Hu once more");

        (double[] First, double[] Second) Product(bool keeps)
        {
            using var session = small.Open(Backend.Managed, precision);
            if (keeps)
                OperationCase.Keep(session, new(0, session.Run.Steps));
            session.EvaluateGradient(new(0));
            session.Weights.Write(others);
            return (Take(), Take());

            double[] Take()
            {
                using IVector direction = session.NewVector(), product = session.NewVector();
                direction.Write(small.Direction);
                session.EvaluateGradient(new(0));
                session.EvaluateTangent(new(0), direction, product, null);
                return product.Read(others.Length);
            }
        }
    }

    /// <summary>Of a step that is kept whole, of one of which values are kept, and of one that is evaluated again.</summary>
    [Test]
    public void TangentsTakenTwice_AreTheSame([ValueSource(nameof(Networks))] KeyValuePair<string, Network> network, [Values(1, 2)] int threads)
    {
        var large = new OperationCase(network.Value, Examples);
        using var backend = new ManagedBackend(threads);
        using var session = large.Open(backend);
        OperationCase.Keep(session, new(1, 1));
        using var evaluate = session.NewBody(session.EvaluateGradient);
        session.ForEachStep(StepRange.Forward(0, 3), evaluate);
        using IVector direction = session.NewVector(), product = session.NewVector();
        direction.Write(large.Direction);
        var products = new List<double[]>();
        using var body = session.NewBody(step =>
        {
            session.EvaluateGradient(step);
            for (int time = 0; time < 2; time++)
            {
                session.EvaluateTangent(step, direction, product, null);
                products.Add(product.Read(large.Weights.Length));
            }
        });
        session.ForEachStep(StepRange.Backward(0, 3), body);
        Assert.That(products, Has.Count.EqualTo(6));
        for (int step = 0; step < 3; step++)
            Close.AssertSame(products[2 * step + 1], products[2 * step], $"the {step + 1}th step on the way back");
    }

    [Test]
    public void Passes_AreTheSlopesAlongTheDirection([ValueSource(nameof(Networks))] KeyValuePair<string, Network> network)
    {
        const double shift = 1e-5;
        var large = new OperationCase(network.Value, Examples);
        using var session = large.Open(Backend.Managed);
        double[] At(double distance) => [.. large.Weights.Zip(large.Direction, (w, u) => w + distance * u)];
        double slope = (OperationCase.Loss(session, At(shift)) - OperationCase.Loss(session, At(-shift))) / (2 * shift);
        double[] ahead = OperationCase.Gradient(session, At(shift)), behind = OperationCase.Gradient(session, At(-shift));
        var passes = large.Passes(Backend.Managed);
        Close.Assert(passes["gradient"].Zip(large.Direction, (g, u) => g * u).Sum(), slope, 1e-7, "gradient");
        Close.Assert(passes["Hu"], [.. ahead.Zip(behind, (a, b) => (a - b) / (2 * shift))], 1e-6, "Hu");
    }
}
