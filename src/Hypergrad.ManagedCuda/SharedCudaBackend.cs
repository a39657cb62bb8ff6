using System.Runtime.CompilerServices;
using Hypergrad.Backends;
using Hypergrad.Backends.Native;
using Hypergrad.Runs;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using ManagedCuda.CudaBlas;

namespace Hypergrad.ManagedCuda;

/// <summary>
/// Computes in the CUDA context, on the stream and with the cuBLAS handle of a program that uses ManagedCuda, over its own device buffers
/// where it wants: nothing is copied, and what the program queues on the stream falls in line with what Hypergrad does. All that is shared
/// stays the program's, and must outlive this backend and its sessions.
/// </summary>
public sealed class SharedCudaBackend : IBackend, IDisposable
{
    private readonly Adoption adoption = new();
    private readonly NativeBackend backend;

    /// <summary>Shares a context.</summary>
    /// <param name="context">The program's context.</param>
    /// <param name="stream">A stream of it; null: Hypergrad makes its own.</param>
    /// <param name="blas">A cuBLAS handle of it; null: Hypergrad makes its own. Its settings are put back after each call.</param>
    /// <param name="allowTf32">Whether products of floats may use TF32.</param>
    /// <exception cref="ConfigurationException">
    /// There is no native library, or one that cannot share a context; the message says which.
    /// </exception>
    /// <exception cref="BackendException">The library could not take the context.</exception>
    public SharedCudaBackend(CudaContext context, CudaStream? stream = null, CudaBlas? blas = null, bool allowTf32 = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        var adopted = adoption.Context(context.DeviceId, context.Context.Pointer, stream?.Stream.Pointer ?? 0,
            blas?.CublasHandle.Pointer ?? 0);
        string description = $"CUDA device {context.DeviceId} in a context that is shared with ManagedCuda";
        backend = new(adopted, "cuda", description) { Tf32 = allowTf32 ? Tf32Use.Everywhere : Tf32Use.Nowhere };
    }

    /// <inheritdoc/>
    public string Name => backend.Name;

    /// <inheritdoc/>
    public string Description => backend.Description;

    /// <inheritdoc/>
    public string Arithmetic => backend.Arithmetic;

    /// <inheritdoc/>
    public Tf32Use Tf32 => backend.Tf32;

    /// <inheritdoc/>
    public bool AllowTf32 => backend.AllowTf32;

    /// <inheritdoc/>
    public ISession Open(RawRun run, Precision precision, CancellationToken cancellation = default) =>
        backend.Open(run, precision, cancellation);

    /// <summary>
    /// A session's vector over a buffer of the program. The buffer must live as long as the vector, which does not free it.
    /// </summary>
    /// <typeparam name="T">float in a session of single precision, double in one of double precision.</typeparam>
    /// <param name="session">A session of this backend.</param>
    /// <param name="buffer">[replicas × weights] numbers, replica after replica, on the same device.</param>
    /// <exception cref="ConfigurationException">
    /// The session is another backend's, or the buffer has another type or size than its vectors.
    /// </exception>
    public IVector Adopt<T>(ISession session, CudaDeviceVariable<T> buffer) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var native = Require<T>(session);
        long count = (long)native.Run.Replicas * native.Run.Network.ParameterCount, size = (long)(ulong)buffer.Size;
        if (size != count)
            throw new ConfigurationException(
                $"The buffer holds {size} numbers; a vector of this session has "
                + $"{native.Run.Replicas} replicas of {native.Run.Network.ParameterCount} weights, {count} numbers.");
        return adoption.Vector(native, (nint)(ulong)buffer.DevicePointer, count * Unsafe.SizeOf<T>());
    }

    /// <summary>
    /// One replica of a session's vector (its weights, velocity and gradient too) as a buffer of the program, which may read and write it
    /// on the shared stream. It owns nothing, and is not to be used after the session is disposed.
    /// </summary>
    /// <param name="session">A session of this backend.</param>
    /// <param name="vector">A vector of the session.</param>
    /// <param name="replica">Which of the runs trained side by side.</param>
    /// <returns>[weights] numbers.</returns>
    /// <inheritdoc cref="Adopt"/>
    public CudaDeviceVariable<T> View<T>(ISession session, IVector vector, int replica = 0) where T : unmanaged
    {
        var native = Require<T>(session);
        if (vector is not NativeVector own)
            throw new ConfigurationException("The vector is not one of this session.");
        if (replica < 0 || replica >= native.Run.Replicas)
            throw new ConfigurationException($"There is no replica {replica}; the session has {native.Run.Replicas}, numbered from 0.");
        var (values, stride) = adoption.AddressOf(native, own);
        var address = new CUdeviceptr { Pointer = (ulong)(values + (nint)(replica * stride * Unsafe.SizeOf<T>())) };
        return new(address, isOwner: false, (long)native.Run.Network.ParameterCount * Unsafe.SizeOf<T>());
    }

    /// <summary>Lets go of what is shared, as soon as all sessions are disposed.</summary>
    public void Dispose() => backend.Dispose();

    private static NativeSession Require<T>(ISession session)
    {
        if (session is not NativeSession native)
            throw new ConfigurationException("The session was not opened by this backend: its vectors are not on the device.");
        var needed = native.Precision == Precision.Single ? typeof(float) : typeof(double);
        if (typeof(T) != needed)
            throw new ConfigurationException(
                $"The session computes in {needed.Name}; a buffer of {typeof(T).Name} cannot be shared with it.");
        return native;
    }
}
