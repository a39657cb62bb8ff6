namespace Hypergrad.Backends;

/// <summary>
/// The straight line from knot to knot that the shortcut takes for the trajectory of the weights; the one slot is its slope.
/// </summary>
public interface ILinePath : IDisposable
{
    /// <summary>Saves the session's weights as a knot.</summary>
    /// <param name="knot">0 for the run's start, then counting up.</param>
    void SaveKnot(int knot);

    /// <summary>Weights ← ŵ_t, on the line.</summary>
    void RecallWeights(Step step);

    /// <summary>Velocity ← v̂_t = (ŵ_t − ŵ_{t−1}) / α_{t−1}, the line's slope over the drift's coefficient; v̂_0 = 0.</summary>
    void RecallVelocity(Step step);

    /// <summary>Velocity ← v̂_T, the slope of the line's end.</summary>
    void RecallLastVelocity();
}
