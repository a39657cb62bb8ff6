using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>What the updates of an optimizer move: the weights, or one number per weight beside them.</summary>
/// <param name="Name">What messages call it: "weight", "velocity", "first moment".</param>
/// <param name="IsSecondMoment">Whether it is a mean of squares: never negative, with 96 fractional bits in the exact arithmetic.</param>
/// <param name="Initial">The quantity that its start is, or null where that is not offered.</param>
public sealed record Slot(string Name, bool IsSecondMoment = false, Quantity? Initial = null)
{
    /// <summary>The weights.</summary>
    public static Slot Weights { get; } = new("weight");

    /// <summary>Whether it is the weights.</summary>
    public bool IsWeights => ReferenceEquals(this, Weights);
}
