using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Backends;

namespace Hypergrad.Tests.Networks;

/// <summary>One step of a small network with every number at hand, drawn from a seed: what operations are tried on.</summary>
internal sealed class OperationCase
{
    private readonly Philox random;
    private readonly int examples;
    private ulong drawn;

    /// <summary>Draws weights and data for a network.</summary>
    public OperationCase(Network network, int examples = 4, ulong seed = 1)
    {
        random = new(seed, 77);
        (Network, this.examples) = (network, examples);
        Weights = Draw(network.ParameterCount, -0.7, 0.7);
        Direction = Draw(network.ParameterCount, -1, 1);
        Inputs = network.Input.Vocabulary is { } vocabulary
            ? [.. Draw(examples * network.InputSize, 0, vocabulary).Select(Math.Floor)]
            : Draw(examples * network.InputSize, -1.5, 1.5);
        Targets = Draw(examples * network.OutputShape.Count, 0, 1);
        ExampleWeights = Draw(examples, 0.3, 1.7);
        // The second example twice.
        Batch = [.. Enumerable.Range(0, examples), 1];
    }

    /// <summary>The networks in which the operations are tried, by name: each has the operation that it is called after.</summary>
    public static IReadOnlyDictionary<string, Func<Loss, Network>> Networks { get; } = new Dictionary<string, Func<Loss, Network>>
    {
        ["dense"] = loss => Of(loss, [5], new Dense(4, Activation.Gelu), new Dense(3, Activation.Tanh)),
        ["dense at every pixel"] = loss => Of(loss, [2, 3, 4], new Dense(5, Activation.Sigmoid), new Dense(3)),
        ["convolution"] = loss => Of(
            loss, [5, 6, 2], new Convolution(3, 1, 0, Activation.Gelu) { Kernel = (3, 2), Stride = (2, 1), Padding = (1, 0) },
            new Convolution(2, 3, 1, Activation.Softplus), new Flatten(), new Dense(2)),
        ["convolution with windows off the image"] = loss => Of(
            loss, [2, 3, 2], new Convolution(3, 2, 3), new Convolution(2, 2, 2) { Stride = (1, 3) }, new Flatten(), new Dense(2)),
        ["convolution of single pixels"] = loss => Of(
            loss, [3, 4, 3], new Convolution(4, 1, 0, Activation.Tanh), new Convolution(2, 1) { Stride = (2, 2) }, new Flatten()),
        ["convolution of many channels"] = loss => Of(
            loss, [3, 3, 1], new Convolution(19, 2, 1, Activation.Tanh), new Convolution(17, 2, 0), new GlobalAveragePool(), new Dense(2)),
        ["convolution of whole vectors"] = loss => Of(
            loss, [3, 4, 1], new Convolution(16, 3, 1, Activation.Gelu),
            new Convolution(16, 1, 0, Activation.Tanh) { Kernel = (2, 1), Stride = (2, 1), Padding = (1, 0) },
            new Convolution(16, 1, 0, Activation.Tanh) { Kernel = (1, 2), Padding = (0, 1) },
            new Convolution(16, 1, 1), new GlobalAveragePool(), new Dense(2)),
        ["max pool"] = loss => Of(
            loss, [5, 5, 2], new Convolution(3, 2, 0, Activation.Tanh), new MaxPool(2), new Flatten(), new Dense(2)),
        ["max pool of overlapping windows"] = loss => Of(
            loss, [4, 5, 1], new Convolution(17, 1), new MaxPool(3) { Stride = (1, 2) }, new Flatten(), new Dense(2)),
        ["max pool of the input"] = loss => Of(loss, [4, 4, 3], new MaxPool(2), new Flatten(), new Dense(2, Activation.Tanh)),
        ["average pool"] = loss => Of(
            loss, [4, 5, 2], new Convolution(3, 1), new AveragePool(2) { Stride = (1, 2) }, new Convolution(2, 1), new GlobalAveragePool()),
        ["activation"] = loss => Of(
            loss, [6], new ActivationLayer(Activation.Softplus), new Dense(4), new ActivationLayer(Activation.Gelu), new Dense(2)),
        ["add"] = loss => Of(loss, [4], new Dense(5),
            new Residual(new Dense(5, Activation.Tanh), new Residual(new Dense(5, Activation.Sigmoid))) { Activation = Activation.Gelu },
            new Dense(2)),
        ["add with a shortcut"] = loss => Of(loss, [4, 4, 2],
            new Residual(new Convolution(3, 3, 1, Activation.Tanh)) { Shortcut = [new Convolution(3, 1)] }, new Flatten(), new Dense(2)),
        ["add to the input"] = loss => Of(loss, [5], new Residual(new Dense(5, Activation.Tanh)), new Dense(2)),
        ["add of functions of the input"] = loss => Of(loss, [5],
            new Residual(new ActivationLayer(Activation.Tanh)) { Shortcut = [new ActivationLayer(Activation.Gelu)] },
            new Dense(2, Activation.Tanh)),
        ["layer norm"] = loss => Of(loss, [5], new Dense(19, Activation.Tanh), new LayerNorm(), new Dense(2, Activation.Tanh)),
        ["layer norm of the input"] = loss => Of(loss, [2, 3, 5], new LayerNorm(), new Flatten(), new Dense(2, Activation.Tanh)),
        ["group norm"] = loss => Of(
            loss, [3, 4, 2], new Convolution(6, 2, 0, Activation.Tanh), new GroupNorm(3), new Flatten(), new Dense(2, Activation.Tanh)),
        ["group norm of one group"] = loss => Of(loss, [3, 3, 4], new GroupNorm(1), new Flatten(), new Dense(2, Activation.Tanh)),
        ["group norm of many channels"] = loss => Of(
            loss, [2, 3, 1], new Convolution(70, 1, 0, Activation.Tanh), new GroupNorm(7), new GlobalAveragePool(), new Dense(2, Activation.Tanh)),
        ["norm beside the identity"] = loss => Of(
            loss, [3, 3, 4], new Dense(4), new Residual(new GroupNorm(2), new ActivationLayer(Activation.Tanh)), new GlobalAveragePool()),
        ["embedding"] = loss => OfTokens(loss, new Embedding(3), new Dense(2, Activation.Tanh)),
        ["positions"] = loss => OfTokens(loss, new Embedding(3), new Positions(), new Dense(2, Activation.Tanh)),
        ["attention"] = loss => OfTokens(loss, new Embedding(4), new SelfAttention(2), new Dense(2)),
        ["causal attention"] = loss => OfTokens(
            loss, new Embedding(6), new Positions(), new Residual(new LayerNorm(), new SelfAttention(3, IsCausal: true)), new Dense(3)),
        ["attention behind itself"] = loss => OfTokens(
            loss, new Embedding(4), new SelfAttention(1, IsCausal: true), new SelfAttention(4), new Flatten(), new Dense(3)),
        ["dropout"] = loss => Of(loss, [6], new Dense(9, Activation.Tanh), new Dropout(0.4), new Dense(4), new Dropout(0.2), new Dense(2)),
        ["dropout of the input"] = loss => Of(loss, [40], new Dropout(0.5), new Dense(2, Activation.Tanh)),
        ["dropout beside the identity"] = loss => Of(loss, [5], new Dense(6), new Residual(new Dropout(0.3)), new Dense(2)),
    };

    public Network Network { get; }

    public double[] Weights { get; }

    /// <summary>u.</summary>
    public double[] Direction { get; }

    public double[] Inputs { get; }

    public double[] Targets { get; }

    public double[] ExampleWeights { get; }

    public int[] Batch { get; }

    /// <summary>How many runs are trained side by side.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The inputs and targets as they are now.</summary>
    public Dataset Data => new(new Table([.. Inputs], Network.InputSize), new Table([.. Targets], Network.OutputShape.Count));

    /// <summary>Opens a run of a few steps, all over the same batch, at the weights.</summary>
    public ISession Open(IBackend backend, Precision precision = Precision.Double) =>
        Open(backend, [Batch, Batch, Batch], precision);

    /// <summary>Opens a run over minibatches of one's own, at the weights.</summary>
    public ISession Open(IBackend backend, int[][] minibatches, Precision precision = Precision.Double)
    {
        var grouping = new WeightGrouping(Network, Sharing.All);
        var optimizer = OptimizerKinds.ByName["momentum"];
        var tables = new OptimizerTables();
        foreach (var (quantity, _) in optimizer.Schedules)
            tables[quantity] = new(grouping, [.. Enumerable.Repeat(0.5, minibatches.Length)], quantity.Name);
        var session = backend.Open(new RawRun
        {
            Network = Network,
            Training = Data,
            Optimizer = optimizer.Lower(tables),
            InitialWeights = InitialWeights.Explicit(Weights),
            Minibatches = MinibatchPlan.Explicit(minibatches, examples),
            ExampleWeights = ExampleWeights,
            Replicas = Replicas,
            Seed = 5,
        }, precision);
        session.Start();
        return session;
    }

    /// <summary>Keeps evaluations of the last steps of a session of the managed backend.</summary>
    public static void Keep(ISession session, KeptSteps steps)
    {
        int kept = session switch
        {
            ManagedSession<float> own => own.Keep(steps),
            ManagedSession<double> own => own.Keep(steps),
            ReplicatedSession<float> own => own.Keep(steps),
            ReplicatedSession<double> own => own.Keep(steps),
            _ => throw new InvalidOperationException($"A {session.GetType().Name} keeps nothing."),
        };
        Assert.That(kept, Is.EqualTo(steps.Count));
    }

    /// <summary>∇L at weights.</summary>
    public static double[] Gradient(ISession session, double[] weights, int step = 0)
    {
        session.Weights.Write(weights);
        session.EvaluateGradient(new(step));
        return session.Gradient.Read(weights.Length);
    }

    /// <summary>L at weights.</summary>
    public static double Loss(ISession session, double[] weights, int step = 0)
    {
        session.Weights.Write(weights);
        session.EvaluateGradient(new(step));
        return session.TrainingLosses(0)[step];
    }

    /// <summary>At its weights: ∇L, Hu, and the derivatives along u of ∂L/∂X, ∂L/∂Y and ∂L/∂ω, those that there are.</summary>
    public IReadOnlyDictionary<string, double[]> Passes(IBackend backend, Precision precision = Precision.Double)
    {
        using var session = Open(backend, precision);
        return Passes(session);
    }

    /// <summary>The same of a session that is open.</summary>
    public IReadOnlyDictionary<string, double[]> Passes(ISession session)
    {
        Quantity[] quantities = [.. session.Run.Quantities.Where(quantity => quantity.IsOfData)];
        using var data = session.NewDataVector(quantities);
        using IVector direction = session.NewVector(), product = session.NewVector();
        direction.Write(Direction);
        // Twice, from what the first time left behind.
        for (int step = 1; step >= 0; step--)
        {
            session.EvaluateGradient(new(step));
            session.EvaluateTangent(new(step), direction, product, step == 0 ? data : null);
        }
        var passes = quantities.ToDictionary(quantity => quantity.Spelling, quantity => data.ToArray(quantity, 0)!);
        passes["gradient"] = session.Gradient.Read(Weights.Length);
        passes["Hu"] = product.Read(Weights.Length);
        return passes;
    }

    private static Network Of(Loss loss, int[] input, params Layer[] layers) => new(NetworkInput.Numbers(input), layers, loss);

    // Five tokens out of four: one is always there twice.
    private static Network OfTokens(Loss loss, params Layer[] layers) => new(NetworkInput.Tokens(4, 5), layers, loss);

    private double[] Draw(int count, double from, double to) =>
        [.. Enumerable.Range(0, count).Select(_ => from + (to - from) * random.Uniform(drawn++))];
}
