namespace Hypergrad.Backends;

/// <summary>Saved states (weights and slots) of a session.</summary>
public interface IStateHistory : IDisposable
{
    /// <summary>Saves weights and slots under a number.</summary>
    void Save(Step number);

    /// <summary>Weights ← those saved under the number.</summary>
    void LoadWeights(Step number);

    /// <summary>Slots ← those saved under the number.</summary>
    void LoadSlots(Step number);
}
