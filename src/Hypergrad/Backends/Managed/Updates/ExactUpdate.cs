namespace Hypergrad.Backends.Managed.Updates;

/// <summary>
/// One update in the exact arithmetic, tile by tile: done and undone, <see cref="Arithmetic.ReversibleNumber"/> bit for bit.
/// </summary>
internal abstract class ExactUpdate : IDisposable
{
    /// <summary>Takes the coefficients of a step.</summary>
    public abstract void Prepare(int step);

    /// <summary>Does it to a tile.</summary>
    /// <returns>What is wrong with a number that came out, in words, or null.</returns>
    public abstract string? Advance(int step, int replica, in WeightTile tile);

    /// <summary>Undoes it.</summary>
    public abstract void Undo(int step, int replica, in WeightTile tile);

    /// <inheritdoc/>
    public abstract void Dispose();
}
