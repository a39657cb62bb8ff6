using Hypergrad.Backends;
using Hypergrad.Hyperparameters;

namespace Hypergrad;

/// <summary>
/// A hypergradient that is not finite though training is: small changes grow along the training beyond the numbers that the adjoint is
/// computed with.
/// </summary>
/// <param name="step">The training step by which, on the way back from the last one, the adjoint was not finite.</param>
/// <param name="quantities">
/// Those of the quantities asked for whose gradients are not finite; none where it shows in the adjoint alone.
/// </param>
/// <param name="precision">What it was computed in.</param>
public sealed class HypergradientDivergedException(int step, IReadOnlyList<Quantity> quantities, Precision precision) : DivergedException(
    $"The hypergradient diverged by step {step} on the way back: {Named(quantities)} not finite. Small changes of the run grow along it "
        + (precision == Precision.Single
            ? "beyond single precision: compute in double precision, lower the learning rate, or train fewer steps."
            : "beyond double precision: lower the learning rate, or train fewer steps."))
{
    /// <summary>The training step by which, on the way back from the last one, the adjoint was not finite.</summary>
    public int Step { get; } = step;

    /// <summary>Those of the quantities asked for whose gradients are not finite; none where it shows in the adjoint alone.</summary>
    public IReadOnlyList<Quantity> Quantities { get; } = quantities;

    private static string Named(IReadOnlyList<Quantity> quantities) => quantities.Count == 0
        ? "the adjoint is"
        : $"{string.Join(", ", quantities.Select(quantity => $"that of the {quantity}"))} {(quantities.Count == 1 ? "is" : "are")}";
}
