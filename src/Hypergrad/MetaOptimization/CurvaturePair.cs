namespace Hypergrad.MetaOptimization;

/// <summary>What one meta-step showed of the curvature of the validation loss: Hs = y, were it quadratic.</summary>
/// <param name="Step">s, the step that was tried, in coordinates.</param>
/// <param name="GradientChange">y, how it changed the hypergradient; s·y is above 0.</param>
internal sealed record CurvaturePair(double[] Step, double[] GradientChange);
