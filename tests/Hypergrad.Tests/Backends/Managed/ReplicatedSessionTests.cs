using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Replicas that are a session each, against one session of all.</summary>
public sealed class ReplicatedSessionTests
{
    private const int Replicas = 4;

    private static readonly Network Network = new([12], new Dense(10, Activation.Tanh), new Dropout(0.2), new Dense(3));

    private static readonly HypergradientMethod[] Methods =
    [
        new ReversibleMethod(), new ReversibleMethod { MemoryBudget = 1 << 30 }, new ReversibleMethod { MemoryBudget = 400_000 },
        new ReversibleMethod { MemoryBudget = 1_000_000 }, new StoredMethod(), new CheckpointedMethod { Snapshots = 2 }, new DrMadMethod(),
        new DrMadMethod { ReverseSteps = 2 },
    ];

    [TestCase(1, 1, false)]
    [TestCase(2, 1, true)]
    [TestCase(2, 2, true)]
    [TestCase(3, 2, false)]
    [TestCase(4, 3, false)]
    [TestCase(5, 2, true)]
    [TestCase(8, 16, false)]
    [TestCase(16, 16, true)]
    public void Suits_WhereAllThreadsAreBusy(int replicas, int threads, bool suits) =>
        Assert.That(ReplicatedSession<float>.Suits(Lower(replicas, "momentum"), threads), Is.EqualTo(suits));

    [Test]
    public void Hypergradients_AreThoseOfOneSession_ToTheBit(
        [ValueSource(nameof(Methods))] HypergradientMethod method, [Values("momentum", "adamw")] string optimizer, [Values(1, 2)] int threads)
    {
        if (optimizer == "adamw" && method is DrMadMethod)
            Assert.Ignore("The shortcut is for optimizers of one slot.");
        var run = Lower(Replicas, optimizer);
        using var workers = new Workers(threads);
        var expected = Compute(new ManagedSession<double>(run, workers, default), method);
        foreach (var (name, actual) in Compute(new ReplicatedSession<double>(run, workers, default), method))
            Close.AssertSame(actual, expected[name], name);
        Assert.That(expected["weights of 0"], Is.Not.EqualTo(expected["weights of 3"]), "each has a start of its own");
    }

    /// <summary>
    /// Outside a range the gradients of all replicas come before all tangents: the passes of a thread hold another evaluation by then, and
    /// the replica's own is made again without disturbing its gradient.
    /// </summary>
    [Test]
    public void TangentsAfterAllGradients_AreThoseOfOneSession([Values("momentum", "adamw")] string optimizer, [Values(1, 2)] int threads)
    {
        var run = Lower(Replicas, optimizer);
        using var workers = new Workers(threads);
        var expected = Passes(new ManagedSession<double>(run, workers, default));
        foreach (var (name, actual) in Passes(new ReplicatedSession<double>(run, workers, default)))
            Close.AssertSame(actual, expected[name], name);
        Assert.That(expected["Hu of 0"], Has.Some.Not.Zero.And.Not.EqualTo(expected["Hu of 3"]));

        Dictionary<string, double[]> Passes(ISession opened)
        {
            using var session = opened;
            session.Start();
            using IVector direction = session.NewVector(), product = session.NewVector();
            session.Copy(session.Weights, direction);
            session.EvaluateGradient(new(0));
            session.EvaluateTangent(new(0), direction, product, null);
            var found = new Dictionary<string, double[]>();
            for (int replica = 0; replica < Replicas; replica++)
            {
                found[$"gradient of {replica}"] = session.Gradient.Read(run.Network.ParameterCount, replica);
                found[$"Hu of {replica}"] = product.Read(run.Network.ParameterCount, replica);
            }
            return found;
        }
    }

    [Test]
    public void Norms_AreThoseOfTheNumbers([Values(1, 2)] int threads)
    {
        var run = Lower(Replicas, "momentum");
        using var workers = new Workers(threads);
        using ISession one = new ManagedSession<float>(run, workers, default), each = new ReplicatedSession<float>(run, workers, default);
        foreach (var session in (ISession[])[one, each])
        {
            session.Start();
            for (int replica = 0; replica < Replicas; replica++)
            {
                double expected = session.Weights.Read(run.Network.ParameterCount, replica).Sum(w => w * w);
                Assert.That(((INormedVector)session.Weights).SquaredNorm(replica), Is.EqualTo(expected).Within(1e-12 * expected));
            }
        }
    }

    // A shortcut goes back along other weights than those of training.
    [Test]
    public void LossesOfTraining_AreLeftOnTheWayBack()
    {
        using var workers = new Workers(2);
        using var session = new ReplicatedSession<double>(Lower(Replicas, "momentum"), workers, default);
        session.Start();
        using var evaluation = session.NewBody(session.EvaluateGradient);
        using var training = session.NewBody(step =>
        {
            session.EvaluateGradient(step);
            session.Advance(step);
        });
        session.ForEachStep(StepRange.Forward(0, 6), training);
        double[] losses = session.TrainingLosses(1);
        session.ForEachStep(StepRange.Backward(0, 6), evaluation);
        Assert.That(session.TrainingLosses(1), Is.EqualTo(losses));
        session.ForEachStep(StepRange.Forward(0, 6), evaluation);
        Assert.That(session.TrainingLosses(1), Is.Not.EqualTo(losses));
    }

    [Test]
    public void Cancellation_IsThatOfEachReplica()
    {
        using var workers = new Workers(2);
        using var cancellation = new CancellationTokenSource();
        using var session = new ReplicatedSession<float>(Lower(Replicas, "momentum"), workers, cancellation.Token);
        session.Start();
        int calls = 0;
        using var body = session.NewBody(_ =>
        {
            if (Interlocked.Increment(ref calls) == 3)
                cancellation.Cancel();
        });
        Assert.That(() => session.ForEachStep(StepRange.Forward(0, 6), body), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(calls, Is.LessThan(Replicas * 6));
    }

    private static Dictionary<string, double[]> Compute(ISession opened, HypergradientMethod method)
    {
        using var session = opened;
        Quantity[] quantities = [.. session.Run.Quantities];
        using var adjoint = new Adjoint(session, quantities);
        using var trajectory = method.Open(session);
        trajectory.Train();
        var found = new Dictionary<string, double[]>();
        for (int replica = 0; replica < Replicas; replica++)
        {
            found[$"losses of {replica}"] = session.TrainingLosses(replica);
            found[$"weights of {replica}"] = session.Weights.Read(session.Run.Network.ParameterCount, replica);
        }
        var evaluations = session.Evaluate(session.Run.Training, adjoint.State.Weights);
        found["evaluations"] = [.. evaluations.Select(evaluation => evaluation.Loss), .. evaluations.Select(evaluation => evaluation.ErrorRate)];
        method.Sweep(session, trajectory, adjoint);
        for (int replica = 0; replica < Replicas; replica++)
        {
            var gradient = adjoint.ToRawGradient(replica);
            foreach (var quantity in quantities)
                found[$"{quantity} of {replica}"] = gradient[quantity]!;
        }
        Assert.That(found.Values, Has.All.Some.Not.Zero);
        if (trajectory.Report is { } report)
            Assert.That(report.Exact, Is.True);
        return found;
    }

    private static RawRun Lower(int replicas, string optimizer) => new TrainingRun(
        Network, new OperationCase(Network, 300).Data, new HyperparameterSet
        {
            Optimizer = optimizer == "adamw"
                ? new AdamW { LearningRate = Schedule.PerStep(6, Sharing.Tensor, 0.01) }
                : new Momentum
                {
                    LearningRate = Schedule.PerStep(6, Sharing.Tensor, 0.1),
                    Coefficient = Schedule.PerStep(6, Sharing.Tensor, 0.5),
                },
            InitialScale = Scale.Per(Sharing.Tensor, 0.3),
            ExampleWeights = ExampleWeights.All(),
            L2 = Penalty.Per(Sharing.Tensor, 1e-3),
        })
    { BatchSize = 140, Replicas = replicas }.Lower();
}
