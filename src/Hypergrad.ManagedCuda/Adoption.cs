using Hypergrad.Backends.Native;
using Hypergrad.Interop;

namespace Hypergrad.ManagedCuda;

/// <summary>Lends the native library what a program has on a device already.</summary>
internal sealed unsafe class Adoption
{
    public Adoption()
    {
        if (NativeLibraryStatus.Current.Failure is { } trouble)
            throw new ConfigurationException($"A CUDA context can be shared only with the native library, and there is none: {trouble}.");
    }

    /// <summary>
    /// A context over a driver context, a stream and a cuBLAS handle; 0 for the last two means that the library makes its own.
    /// </summary>
    public NativeObject Context(int device, nint driverContext, nint stream, nint blas)
    {
        ulong context;
        NativeCall.Require(NativeMethods.hg_context_adopt_device(device, (void*)driverContext, (void*)stream, (void*)blas, &context));
        return new(context);
    }

    /// <summary>A vector over memory that the caller keeps.</summary>
    public NativeVector Vector(NativeSession session, nint values, long bytes)
    {
        ulong vector;
        session.Check(NativeMethods.hg_vector_adopt(session.Handle, (void*)values, bytes, &vector));
        return new(session, session.Own(vector));
    }

    /// <summary>Where a vector's numbers are, and how many numbers lie between one replica's first and the next one's.</summary>
    public (nint Values, long Stride) AddressOf(NativeSession session, NativeVector vector)
    {
        void* values;
        long stride;
        session.Check(NativeMethods.hg_vector_address(session.Handle, vector.Handle, &values, &stride), vector);
        return ((nint)values, stride);
    }
}
