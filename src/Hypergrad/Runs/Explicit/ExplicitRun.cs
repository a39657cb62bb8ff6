using Hypergrad.Data;

namespace Hypergrad.Runs.Explicit;

/// <summary>A fully explicit run, as the run format describes it: everything given, nothing random.</summary>
/// <param name="Run">The training run.</param>
/// <param name="Validation">The validation set.</param>
public sealed record ExplicitRun(TrainingRun Run, Dataset Validation);
