namespace Hypergrad.Hyperparameters;

/// <summary>The raw quantities of an elementary training whose hypergradients can be asked for.</summary>
[Flags]
public enum RawParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>α, the learning rates, [steps × groups].</summary>
    LearningRate = 1,

    /// <summary>γ, the momenta, [steps × groups].</summary>
    Momentum = 2,

    /// <summary>w₀, the initial weights.</summary>
    InitialWeights = 4,

    /// <summary>v₀, the initial velocity (which is 0).</summary>
    InitialVelocity = 8,

    /// <summary>λ, the L2 penalty of each weight.</summary>
    L2 = 16,

    /// <summary>μ, the L1 penalty of each weight.</summary>
    L1 = 32,

    /// <summary>X, the training inputs.</summary>
    Inputs = 64,

    /// <summary>Y, the training targets.</summary>
    Targets = 128,

    /// <summary>ω, the example weights.</summary>
    ExampleWeights = 256,

    /// <summary>Those that the adjoint sweep yields on its way at no extra product.</summary>
    Schedules = LearningRate | Momentum | InitialWeights | InitialVelocity,

    /// <summary>Those of single training examples.</summary>
    Data = Inputs | Targets | ExampleWeights,

    /// <summary>Everything.</summary>
    All = Schedules | L2 | L1 | Data,
}
