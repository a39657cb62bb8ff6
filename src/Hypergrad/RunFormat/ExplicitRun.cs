using Hypergrad.Data;
using Hypergrad.Runs;

namespace Hypergrad.RunFormat;

/// <summary>A fully explicit run, as the run formats describe it: everything given, nothing random but dropout masks.</summary>
/// <param name="Run">The training run.</param>
/// <param name="Validation">The validation set.</param>
public sealed record ExplicitRun(TrainingRun Run, Dataset Validation);
