namespace Hypergrad;

/// <summary>Training diverged: a gradient that is not finite, or a weight or velocity that leaves its range.</summary>
/// <param name="step">The training step.</param>
/// <param name="tensor">The tensor: "W1", "b1", …</param>
/// <param name="reason">What happened there.</param>
/// <param name="advice">What was measured of the run that may have caused it, and what helps; null where nothing was.</param>
/// <param name="inner">What this one explains.</param>
public sealed class TrainingDivergedException(
    int step, string tensor, string reason, string? advice = null, Exception? inner = null) : DivergedException(
    $"Training diverged at step {step} in {tensor}: {reason}. {advice ?? "Lower the learning rate or the initial scale."}", inner)
{
    /// <summary>The training step.</summary>
    public int Step { get; } = step;

    /// <summary>The tensor: "W1", "b1", …</summary>
    public string Tensor { get; } = tensor;

    /// <summary>Whether the message names what was measured of the run.</summary>
    internal bool IsExplained { get; } = advice is not null;

    /// <summary>The same, with what was measured.</summary>
    internal TrainingDivergedException With(string measured) => new(Step, Tensor, reason, measured, this);
}
