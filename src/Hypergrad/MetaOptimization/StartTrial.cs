namespace Hypergrad.MetaOptimization;

/// <summary>One training of a search for a start.</summary>
/// <param name="Offsets">
/// How far each constant was moved from where the run starts, in coordinates: a logarithm of a factor, or a difference of logits.
/// </param>
/// <param name="ValidationLoss">The validation loss at the end of the training; NaN where it diverged.</param>
/// <param name="Seconds">Seconds that it took.</param>
public sealed record StartTrial(double[] Offsets, double ValidationLoss, double Seconds);
