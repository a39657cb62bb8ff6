using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>The line from knot to knot in the native library.</summary>
internal sealed class NativeLinePath(NativeSession session, NativeObject owned) : ILinePath
{
    public void SaveKnot(int knot) => session.Check(NativeMethods.hg_line_path_save_knot(session.Handle, owned.Value, knot), this);

    public void RecallWeights(Step step) =>
        session.Check(NativeMethods.hg_line_path_recall_weights(session.Handle, owned.Value, step.Number), this);

    public void RecallVelocity(Step step) =>
        session.Check(NativeMethods.hg_line_path_recall_velocity(session.Handle, owned.Value, step.Number), this);

    public void RecallLastVelocity() => session.Check(NativeMethods.hg_line_path_recall_last_velocity(session.Handle, owned.Value), this);

    public void Dispose() => owned.Dispose();
}
