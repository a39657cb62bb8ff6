namespace Hypergrad;

/// <summary>
/// A reversal that did not come back over the states it went out by: the hardware or the library is at fault, not the run.
/// </summary>
/// <param name="step">The first step, going back, whose state differs.</param>
/// <param name="what">What differs.</param>
public sealed class ReversalException(int step, string what) : HypergradException(
    $"The reversal is not exact: {what} differs at step {step}. The hypergradient is not to be trusted; "
        + "run `hypergrad doctor` and report this.")
{
    /// <summary>The first step, going back, whose state differs.</summary>
    public int Step { get; } = step;
}
