namespace Hypergrad.Networks;

/// <summary>What a parameter tensor does in its layer: what its initial values are made of.</summary>
public enum ParameterRole
{
    /// <summary>The matrix of an affine map or a convolution: noise.</summary>
    Weight,

    /// <summary>What an affine map or a convolution adds: noise.</summary>
    Bias,

    /// <summary>What a normalisation multiplies by: starts at 1.</summary>
    Scale,

    /// <summary>What a normalisation adds: starts at 0.</summary>
    Shift,

    /// <summary>A vector for each token or position: noise.</summary>
    Embedding,

    /// <summary>
    /// What training leaves alone: hyperparameters that a network reads as it reads weights (<c>HeldWeights</c>). Starts at 0 without them.
    /// </summary>
    Held,
}
