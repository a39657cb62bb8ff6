using Hypergrad.Hypergradients;

namespace Hypergrad.MetaOptimization;

/// <summary>Hyperparameters that were trained with, from which a step can be made.</summary>
/// <param name="MetaStep">The meta-step that trained with them.</param>
/// <param name="Vector">Their coordinates.</param>
/// <param name="Gradient">The hypergradient there.</param>
/// <param name="Validation">The validation loss there.</param>
internal sealed record SearchPoint(int MetaStep, double[] Vector, double[] Gradient, Estimate Validation);
