namespace Hypergrad.MetaOptimization;

/// <summary>Where a tuning stands.</summary>
/// <param name="Record">The latest meta-step.</param>
/// <param name="MetaSteps">How many updates there will be.</param>
/// <param name="Remaining">An estimate of the time left, from the meta-steps of this process.</param>
public sealed record TuningProgress(MetaStepRecord Record, int MetaSteps, TimeSpan Remaining);
