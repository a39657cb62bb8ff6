namespace Hypergrad.Backends;

/// <summary>How a network does on a dataset: no penalties, no example weights.</summary>
/// <param name="Loss">The mean loss per example (nats for cross-entropy).</param>
/// <param name="ErrorRate">The fraction of examples whose largest output is not at the largest target; NaN for the squared loss.</param>
public readonly record struct Evaluation(double Loss, double ErrorRate);
