using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Saved states (w, v) in the native library.</summary>
internal sealed class NativeHistory(NativeSession session, NativeObject owned) : IStateHistory
{
    public void Save(Step slot) => session.Check(NativeMethods.hg_history_save(session.Handle, owned.Value, slot.Number), this);

    public void LoadWeights(Step slot) =>
        session.Check(NativeMethods.hg_history_load_weights(session.Handle, owned.Value, slot.Number), this);

    public void LoadVelocity(Step slot) =>
        session.Check(NativeMethods.hg_history_load_velocity(session.Handle, owned.Value, slot.Number), this);

    public void Dispose() => owned.Dispose();
}
