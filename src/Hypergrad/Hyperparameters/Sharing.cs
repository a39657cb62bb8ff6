namespace Hypergrad.Hyperparameters;

/// <summary>Which weights share one value of a hyperparameter.</summary>
public enum Sharing
{
    /// <summary>One value for all weights.</summary>
    All,

    /// <summary>One value per layer: its weight matrix and its bias share it.</summary>
    Layer,

    /// <summary>One value per tensor: W1, b1, W2, b2, …</summary>
    Tensor,

    /// <summary>One value per unit: the weights into a unit (a column of W) and its bias share it.</summary>
    Unit,

    /// <summary>
    /// One value per input of each layer: the weights out of it (a row of W) share it; each bias vector has a value of its own.
    /// </summary>
    Input,

    /// <summary>One value per weight.</summary>
    Weight,
}
