using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>A vector of one number per weight and replica in the native library.</summary>
internal sealed unsafe class NativeVector : IVector
{
    private readonly NativeSession session;
    private readonly NativeObject? owned;
    private readonly ulong handle;

    /// <summary>One of the session's own vectors, which live as long as the session.</summary>
    public NativeVector(NativeSession session, ulong handle) => (this.session, this.handle) = (session, handle);

    /// <summary>A vector that was made.</summary>
    public NativeVector(NativeSession session, NativeObject owned) => (this.session, this.owned) = (session, owned);

    /// <summary>The library's handle of the vector.</summary>
    public ulong Handle => owned?.Value ?? handle;

    public void CopyTo(int replica, Span<double> destination)
    {
        int count = session.Run.Network.ParameterCount;
        IVector.Check(destination, count);
        fixed (double* values = destination)
            session.Check(NativeMethods.hg_vector_read(session.Handle, Handle, replica, 0, count, values), this);
    }

    /// <summary>Writes some numbers, rounded to the session's precision.</summary>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <param name="first">The first weight.</param>
    /// <param name="source">The numbers.</param>
    public void Write(int replica, int first, ReadOnlySpan<double> source)
    {
        fixed (double* values = source)
            session.Check(NativeMethods.hg_vector_write(session.Handle, Handle, replica, first, source.Length, values), this);
    }

    public void Dispose() => owned?.Dispose();
}
