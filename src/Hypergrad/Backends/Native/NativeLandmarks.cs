using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Landmarks of an exact state in the native library, which live as long as the state.</summary>
/// <param name="session">The session.</param>
/// <param name="state">The library's object.</param>
/// <param name="tellsAtOnce">Whether the session is on this machine's processor.</param>
internal sealed unsafe class NativeLandmarks(NativeSession session, NativeObject state, bool tellsAtOnce) : ILandmarks
{
    public bool TellsAtOnce => tellsAtOnce;

    public void Set(int number) => session.Check(NativeMethods.hg_reversible_set_landmark(session.Handle, state.Value, number), state);

    public void Meet(int number) => session.Check(NativeMethods.hg_reversible_meet_landmark(session.Handle, state.Value, number), state);

    public int? FirstUnmet()
    {
        int number;
        session.Check(NativeMethods.hg_reversible_unmet_landmark(session.Handle, state.Value, &number), state);
        return number < 0 ? null : number;
    }

    public void Dispose()
    {
    }
}
