namespace Hypergrad.Cli.Reporting;

/// <summary>
/// The losses after one meta-step. A null was not measured; a NaN was measured and failed, and leaves a gap in the curve.
/// </summary>
internal sealed record MetaLearningPoint(int MetaStep, double? TrainingLoss, Measurement ValidationLoss, double? TestLoss);
