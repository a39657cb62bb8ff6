namespace Hypergrad.Backends;

/// <summary>The adjoint of an optimizer's state, and where the gradients of its coefficients are gathered.</summary>
/// <param name="Weights">w̄.</param>
/// <param name="Slots">x̄ of each slot.</param>
/// <param name="Coefficients">c̄ of each coefficient; null where it is not wanted.</param>
public sealed record OptimizerAdjoint(
    IVector Weights, IReadOnlyList<IVector> Slots, IReadOnlyList<ICoefficientVector?> Coefficients);
