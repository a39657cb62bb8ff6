namespace Hypergrad.Backends;

/// <summary>Saved states (w, v) of a session.</summary>
public interface IStateHistory : IDisposable
{
    /// <summary>Saves weights and velocity in a slot.</summary>
    void Save(Step slot);

    /// <summary>Weights ← those saved in the slot.</summary>
    void LoadWeights(Step slot);

    /// <summary>Velocity ← the one saved in the slot.</summary>
    void LoadVelocity(Step slot);
}
