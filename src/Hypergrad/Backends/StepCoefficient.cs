namespace Hypergrad.Backends;

/// <summary>A coefficient that changes with the step and the group of a weight.</summary>
public enum StepCoefficient
{
    /// <summary>α_t.</summary>
    LearningRate,

    /// <summary>γ_t, as the ratio n/65536.</summary>
    Momentum,

    /// <summary>1 − γ_t.</summary>
    MomentumComplement,
}
