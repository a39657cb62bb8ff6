using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>The vector work of a session.</summary>
internal sealed unsafe partial class NativeSession
{
    public void Copy(IVector source, IVector target) => Check(NativeMethods.hg_vector_copy(Handle, At(source), At(target)), source, target);

    public void Clear(IVector target) => Check(NativeMethods.hg_vector_clear(Handle, At(target)), target);

    public void Add(IVector source, IVector target) => Check(NativeMethods.hg_vector_add(Handle, At(source), At(target)), source, target);

    public void AddPenaltyTangent(IVector direction, IVector? l2, IVector? l1)
    {
        if (l2 is null && l1 is null)
            return;
        Check(
            NativeMethods.hg_session_add_penalty_tangent(Handle, At(direction), l2 is null ? 0 : At(l2), l1 is null ? 0 : At(l1)),
            l2, l1);
        GC.KeepAlive(direction);
    }

    private static ulong At(IVector vector) => ((NativeVector)vector).Handle;
}
