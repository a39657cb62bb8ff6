namespace Hypergrad.Hyperparameters;

/// <summary>
/// The gradient of the validation loss with respect to the raw quantities of one elementary training; null where not asked for.
/// </summary>
public sealed class RawGradient
{
    /// <summary>∂F/∂α, [steps × learning-rate groups].</summary>
    public double[]? LearningRate { get; init; }

    /// <summary>∂F/∂γ, [steps × momentum groups].</summary>
    public double[]? Momentum { get; init; }

    /// <summary>∂F/∂w₀, [weights].</summary>
    public double[]? InitialWeights { get; init; }

    /// <summary>∂F/∂v₀, [weights].</summary>
    public double[]? InitialVelocity { get; init; }

    /// <summary>∂F/∂λ, [weights].</summary>
    public double[]? L2 { get; init; }

    /// <summary>∂F/∂μ, [weights].</summary>
    public double[]? L1 { get; init; }

    /// <summary>∂F/∂X, [training examples × input size].</summary>
    public double[]? Inputs { get; init; }

    /// <summary>∂F/∂Y, [training examples × target size].</summary>
    public double[]? Targets { get; init; }

    /// <summary>∂F/∂ω, [training examples].</summary>
    public double[]? ExampleWeights { get; init; }

    /// <summary>One part by its flag.</summary>
    /// <param name="part">A single flag.</param>
    public double[]? this[RawParts part] => part switch
    {
        RawParts.LearningRate => LearningRate,
        RawParts.Momentum => Momentum,
        RawParts.InitialWeights => InitialWeights,
        RawParts.InitialVelocity => InitialVelocity,
        RawParts.L2 => L2,
        RawParts.L1 => L1,
        RawParts.Inputs => Inputs,
        RawParts.Targets => Targets,
        RawParts.ExampleWeights => ExampleWeights,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Ask for one part."),
    };

    /// <summary>Makes a gradient part by part.</summary>
    /// <param name="make">Called once for every single flag; null leaves the part out.</param>
    public static RawGradient Create(Func<RawParts, double[]?> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return new()
        {
            LearningRate = make(RawParts.LearningRate),
            Momentum = make(RawParts.Momentum),
            InitialWeights = make(RawParts.InitialWeights),
            InitialVelocity = make(RawParts.InitialVelocity),
            L2 = make(RawParts.L2),
            L1 = make(RawParts.L1),
            Inputs = make(RawParts.Inputs),
            Targets = make(RawParts.Targets),
            ExampleWeights = make(RawParts.ExampleWeights),
        };
    }
}
