namespace Hypergrad.Observability;

/// <summary>How far a run has come: told at the beginning of each phase, and about twenty times along the steps of a training.</summary>
/// <param name="Phase">What it is at.</param>
/// <param name="Done">Steps of the phase that are done: trained, or gone back over; 0 throughout an evaluation.</param>
/// <param name="Steps">Steps that the phase has in all; 0 for an evaluation.</param>
public readonly record struct RunProgress(RunPhase Phase, int Done, int Steps);
