using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Where the gradient of a coefficient is gathered in the native library.</summary>
/// <param name="session">The session.</param>
/// <param name="owned">The table.</param>
/// <param name="count">Steps times groups.</param>
internal sealed unsafe class NativeCoefficientVector(NativeSession session, NativeObject owned, int count) : ICoefficientVector
{
    /// <summary>The library's handle of the table.</summary>
    public ulong Handle => owned.Value;

    public double[] ToArray(int replica)
    {
        var values = new double[count];
        fixed (double* at = values)
            session.Check(NativeMethods.hg_coefficient_vector_read(session.Handle, Handle, replica, count, at), this);
        return values;
    }

    public void Dispose() => owned.Dispose();
}
