namespace Hypergrad;

/// <summary>Training left the numbers: a gradient that is not finite, or a weight or velocity that leaves its range.</summary>
/// <param name="step">The training step.</param>
/// <param name="tensor">The tensor: "W1", "b1", …</param>
/// <param name="reason">What happened there.</param>
public sealed class TrainingDivergedException(int step, string tensor, string reason) : DivergedException(
    $"Training diverged at step {step} in {tensor}: {reason}. Lower the learning rate or the initial scale.")
{
    /// <summary>The training step.</summary>
    public int Step { get; } = step;

    /// <summary>The tensor: "W1", "b1", …</summary>
    public string Tensor { get; } = tensor;
}
