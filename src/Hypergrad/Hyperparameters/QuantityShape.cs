namespace Hypergrad.Hyperparameters;

/// <summary>How many numbers a raw quantity has, and what they belong to.</summary>
public enum QuantityShape
{
    /// <summary>[steps × groups]: a coefficient of the optimizer.</summary>
    Schedule,

    /// <summary>[weights].</summary>
    Weights,

    /// <summary>[training examples × input size].</summary>
    Inputs,

    /// <summary>[training examples × target size].</summary>
    Targets,

    /// <summary>[training examples].</summary>
    Examples,
}
