using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Saved states, weights and slots, in the native library.</summary>
internal sealed class NativeHistory(NativeSession session, NativeObject owned) : IStateHistory
{
    public void Save(Step number) => session.Check(NativeMethods.hg_history_save(session.Handle, owned.Value, number.Number), this);

    public void LoadWeights(Step number) =>
        session.Check(NativeMethods.hg_history_load_weights(session.Handle, owned.Value, number.Number), this);

    public void LoadSlots(Step number) =>
        session.Check(NativeMethods.hg_history_load_slots(session.Handle, owned.Value, number.Number), this);

    public void Dispose() => owned.Dispose();
}
