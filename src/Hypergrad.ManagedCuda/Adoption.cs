using System.Runtime.InteropServices;
using Hypergrad.Backends.Native;
using Hypergrad.Interop;

namespace Hypergrad.ManagedCuda;

/// <summary>
/// The entry points that adopt what a program has on a device already. They are looked up by name, so that a library without them is refused with
/// words rather than by a missing entry point in the middle of a run.
/// </summary>
internal sealed unsafe class Adoption
{
    // hg_status hg_context_adopt_device(int32_t device, void* driver_context, void* stream, void* blas_handle, hg_handle* context)
    private readonly delegate* unmanaged<int, nint, nint, nint, ulong*, hg_status> adoptDevice;

    // hg_status hg_vector_adopt(hg_handle session, void* values, int64_t bytes, hg_handle* vector)
    private readonly delegate* unmanaged<ulong, nint, long, ulong*, hg_status> adoptVector;

    // hg_status hg_vector_address(hg_handle session, hg_handle vector, void** values, int64_t* stride)
    private readonly delegate* unmanaged<ulong, ulong, nint*, long*, hg_status> vectorAddress;

    public Adoption()
    {
        var status = NativeLibraryStatus.Current;
        if (status.Trouble is { } trouble)
            throw new ConfigurationException($"A CUDA context can be shared only with the native library, and there is none: {trouble}.");
        adoptDevice = (delegate* unmanaged<int, nint, nint, nint, ulong*, hg_status>)Find("hg_context_adopt_device", status);
        adoptVector = (delegate* unmanaged<ulong, nint, long, ulong*, hg_status>)Find("hg_vector_adopt", status);
        vectorAddress = (delegate* unmanaged<ulong, ulong, nint*, long*, hg_status>)Find("hg_vector_address", status);
    }

    /// <summary>A context over a driver context, a stream and a cuBLAS handle; 0 for the last two means that the library makes its own.</summary>
    public NativeObject Context(int device, nint driverContext, nint stream, nint blas)
    {
        ulong context;
        NativeCall.Require(adoptDevice(device, driverContext, stream, blas, &context));
        return new(context);
    }

    /// <summary>A vector over memory that the caller keeps.</summary>
    public NativeVector Vector(NativeSession session, nint values, long bytes)
    {
        ulong vector;
        session.Check(adoptVector(session.Handle, values, bytes, &vector));
        return new(session, session.Own(vector));
    }

    /// <summary>Where a vector's numbers are, and how many numbers lie between one replica's first and the next one's.</summary>
    public (nint Values, long Stride) AddressOf(NativeSession session, NativeVector vector)
    {
        nint values;
        long stride;
        session.Check(vectorAddress(session.Handle, vector.Handle, &values, &stride), vector);
        return (values, stride);
    }

    private static nint Find(string name, NativeLibraryStatus status) =>
        NativeLibrary.TryGetExport(NativeLibraryLoader.Report.Handle, name, out nint address)
            ? address
            : throw new ConfigurationException(
                $"The native library {status.Path}, version {status.Version}, has no {name}: it cannot share a CUDA context. Build or install a newer one.");
}
