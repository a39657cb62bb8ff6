namespace Hypergrad.Hypergradients;

/// <summary>How far a hypergradient is: the training forward, or the sweep back through it. Told about twenty times each way.</summary>
/// <param name="StepsDone">Steps that are done this way.</param>
/// <param name="Steps">Steps of the training.</param>
/// <param name="IsBackward">Whether it is on the way back.</param>
public readonly record struct SweepProgress(int StepsDone, int Steps, bool IsBackward);
