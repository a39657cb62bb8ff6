using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Tests.Networks;

namespace Hypergrad.Tests.Backends.Managed;

/// <summary>Which evaluations a budget of memory keeps.</summary>
public sealed class PassMemoryTests
{
    private const int Steps = 10, Examples = 64;

    // With many weights for each number of an example, of which a whole evaluation keeps the gradient; and with few.
    private static readonly Network Wide = Network.Mlp([8, 300, 300, 2]);
    private static readonly Network Images = new([8, 8, 4], new Convolution(16, 3, 1, Activation.Relu), new GlobalAveragePool(), new Dense(2));

    [Test]
    public void Nothing_KeepsNothing([Values] bool images)
    {
        var memory = MemoryOf(images ? Images : Wide, Momentum());
        Assert.That(memory.StepsWithin(0), Is.EqualTo(default(KeptSteps)));
        Assert.That(memory.BytesOf(default), Is.Zero);
        Assert.That(memory.StepsWithin(memory.BytesOf(new(0, 1)) - 1), Is.EqualTo(default(KeptSteps)));
    }

    [Test]
    public void Everything_KeepsAllWhole([Values] bool images)
    {
        var memory = MemoryOf(images ? Images : Wide, Momentum());
        Assert.That(memory.StepsWithin(memory.BytesOf(new(Steps, 0))), Is.EqualTo(new KeptSteps(Steps, 0)));
        Assert.That(memory.StepsWithin(1e15), Is.EqualTo(new KeptSteps(Steps, 0)));
    }

    /// <summary>The gradient of many weights is long, and spares no more than the values do.</summary>
    [Test]
    public void Values_ComeFirst_WhereGradientsAreLong()
    {
        var memory = MemoryOf(Wide, Momentum());
        Assert.That(memory.StepsWithin(memory.BytesOf(new(0, 4))), Is.EqualTo(new KeptSteps(0, 4)));
        Assert.That(memory.StepsWithin(memory.BytesOf(new(0, Steps))), Is.EqualTo(new KeptSteps(0, Steps)));
        Assert.That(memory.StepsWithin(memory.BytesOf(new(3, Steps - 3))), Is.EqualTo(new KeptSteps(3, Steps - 3)));
    }

    /// <summary>What is left of the budget keeps the values of another.</summary>
    [Test]
    public void WholeEvaluations_ComeFirst_WhereGradientsAreShort()
    {
        var memory = MemoryOf(Images, Momentum());
        Assert.That(memory.StepsWithin(memory.BytesOf(new(4, 0))), Is.EqualTo(new KeptSteps(4, 0)));
        Assert.That(memory.StepsWithin(memory.BytesOf(new(4, 1))), Is.EqualTo(new KeptSteps(4, 1)));
    }

    /// <summary>Where the direction depends on the gradient, adjoints last, and values are of no use without them.</summary>
    [Test]
    public void Values_AreNotKeptAlone_ByAdamW([Values] bool images)
    {
        var memory = MemoryOf(images ? Images : Wide, new AdamW { LearningRate = Schedule.PerStep(Steps, Sharing.All, 0.1) });
        Assert.That(memory.StepsWithin(memory.BytesOf(new(3, 0)) - 1), Is.EqualTo(new KeptSteps(2, 0)));
    }

    /// <summary>Two of five products of a perceptron's evaluation are forward: nothing goes back to its input.</summary>
    [Test]
    public void ValuesShare_IsThatOfTheForwardProducts()
    {
        double first = 8 * 300, others = 300 * 300 + 300 * 2;
        Assert.That(MemoryOf(Wide, Momentum()).ValuesShare,
            Is.EqualTo((first + others) / (2 * first + 3 * others)).Within(1e-15));
    }

    private static Momentum Momentum() => new()
    {
        LearningRate = Schedule.PerStep(Steps, Sharing.All, 0.1),
        Coefficient = Schedule.PerStep(Steps, Sharing.All, 0.5),
    };

    private static IPassMemory MemoryOf(Network network, Optimizer optimizer)
    {
        var run = new TrainingRun(network, new OperationCase(network, Examples).Data, new HyperparameterSet { Optimizer = optimizer })
        { BatchSize = Examples };
        using var backend = new ManagedBackend(1);
        return IPassMemory.Of(backend, run.Lower(), Precision.Single);
    }
}
