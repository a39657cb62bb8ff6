using Hypergrad.Hypergradients;

namespace Hypergrad.MetaOptimization;

/// <summary>Hyperparameters that a tuning can go back to.</summary>
/// <param name="MetaStep">The meta-step that trained with them.</param>
/// <param name="Vector">Their coordinates.</param>
/// <param name="Gradient">The hypergradient there.</param>
/// <param name="Optimizer">The meta-optimizer's state before its update from there.</param>
/// <param name="Validation">The validation loss there.</param>
internal sealed record SearchPoint(int MetaStep, double[] Vector, double[] Gradient, OptimizerState Optimizer, Estimate Validation);
