namespace Hypergrad.Hyperparameters;

/// <summary>
/// A raw quantity of a training run whose hypergradient can be asked for. All of them are registered here, once: their names in messages,
/// files and options, their shapes and the coordinates in which they are tuned follow from this list.
/// </summary>
public sealed class Quantity
{
    private static readonly List<Quantity> Registered = [];

    private Quantity(string name, string spelling, string option, QuantityShape shape, Transform transform)
    {
        (Name, Spelling, Option, Shape, Transform, Order) = (name, spelling, option, shape, transform, Registered.Count);
        Registered.Add(this);
    }

    /// <summary>α, the learning rate.</summary>
    public static Quantity LearningRate { get; } =
        new("learning rate", "learningRate", "learning-rate", QuantityShape.Schedule, Transform.Log);

    /// <summary>γ, the momentum.</summary>
    public static Quantity Momentum { get; } = new("momentum", "momentum", "momentum", QuantityShape.Schedule, Transform.Logit);

    /// <summary>β₁, the decay of Adam's first moment.</summary>
    public static Quantity Beta1 { get; } = new("beta1", "beta1", "beta1", QuantityShape.Schedule, Transform.Logit);

    /// <summary>β₂, the decay of Adam's second moment.</summary>
    public static Quantity Beta2 { get; } = new("beta2", "beta2", "beta2", QuantityShape.Schedule, Transform.Logit);

    /// <summary>ε, what Adam adds to the root of the second moment.</summary>
    public static Quantity Epsilon { get; } = new("epsilon", "epsilon", "epsilon", QuantityShape.Schedule, Transform.Log);

    /// <summary>λ_decay, the decoupled weight decay.</summary>
    public static Quantity WeightDecay { get; } =
        new("weight decay", "weightDecay", "weight-decay", QuantityShape.Schedule, Transform.Log);

    /// <summary>w₀, the initial weights; a person states their scale.</summary>
    public static Quantity InitialWeights { get; } =
        new("initial scale", "initialWeights", "initial-scale", QuantityShape.Weights, Transform.Log);

    /// <summary>v₀, the initial velocity, which is 0.</summary>
    public static Quantity InitialVelocity { get; } =
        new("initial velocity", "initialVelocity", "initial-velocity", QuantityShape.Weights, Transform.Identity);

    /// <summary>λ, the L2 penalty of each weight.</summary>
    public static Quantity L2 { get; } = new("L2 penalty", "l2", "l2", QuantityShape.Weights, Transform.Log);

    /// <summary>μ, the L1 penalty of each weight.</summary>
    public static Quantity L1 { get; } = new("L1 penalty", "l1", "l1", QuantityShape.Weights, Transform.Log);

    /// <summary>X, the training inputs.</summary>
    public static Quantity Inputs { get; } = new("training inputs", "inputs", "inputs", QuantityShape.Inputs, Transform.Identity);

    /// <summary>Y, the training targets.</summary>
    public static Quantity Targets { get; } = new("targets", "targets", "targets", QuantityShape.Targets, Transform.Identity);

    /// <summary>ω, the example weights.</summary>
    public static Quantity ExampleWeights { get; } =
        new("example weights", "exampleWeights", "example-weights", QuantityShape.Examples, Transform.Log);

    /// <summary>All of them, in the order of results and of the coordinates of a set.</summary>
    public static IReadOnlyList<Quantity> All => Registered;

    /// <summary>What messages and reports call it: "learning rate".</summary>
    public string Name { get; }

    /// <summary>What run files and results call it: "learningRate".</summary>
    public string Spelling { get; }

    /// <summary>What options call it: "learning-rate".</summary>
    public string Option { get; }

    /// <summary>How many numbers it has.</summary>
    public QuantityShape Shape { get; }

    /// <summary>From coordinates to values, where a hyperparameter that drives it has no other.</summary>
    public Transform Transform { get; }

    /// <summary>Whether it belongs to single training examples.</summary>
    public bool IsOfData => Shape is QuantityShape.Inputs or QuantityShape.Targets or QuantityShape.Examples;

    /// <summary>Its place in <see cref="All"/>.</summary>
    internal int Order { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
