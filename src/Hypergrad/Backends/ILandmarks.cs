namespace Hypergrad.Backends;

/// <summary>
/// Hashes of an exact state at some steps, taken on the way out to be met again on the way back. A device keeps and compares them by
/// itself: what came of it is asked for once.
/// </summary>
public interface ILandmarks : IDisposable
{
    /// <summary>Whether <see cref="FirstUnmet"/> costs nothing, so that it is worth asking after each landmark.</summary>
    bool TellsAtOnce { get; }

    /// <summary>The state as it is now becomes a landmark.</summary>
    /// <param name="number">Which one, from 0.</param>
    void Set(int number);

    /// <summary>Compares the state as it is now, in every replica, with a landmark that was set.</summary>
    void Meet(int number);

    /// <summary>The first landmark that was compared and was another; null where all that were compared were met.</summary>
    int? FirstUnmet();
}
