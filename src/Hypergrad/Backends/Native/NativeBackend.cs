using Hypergrad.Interop;
using Hypergrad.Runs;

namespace Hypergrad.Backends.Native;

/// <summary>
/// Computes in the native library: on a CUDA device, where a run needs no round trip to the host, or on this machine's processor by the
/// same sources, which is there to be compared with.
/// </summary>
public sealed unsafe class NativeBackend : IBackend, IDisposable
{
    private readonly NativeObject context;
    private readonly NativeDatasets datasets;
    private readonly string description;

    /// <summary>A backend on a context that was made elsewhere; it is taken over.</summary>
    internal NativeBackend(NativeObject context, string name, string description) =>
        (this.context, datasets, Name, this.description) = (context, new(context), name, description);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description => Tf32 switch
    {
        Tf32Use.Everywhere => $"{description}, TF32 allowed",
        Tf32Use.Tangents => $"{description}, TF32 allowed in tangents",
        _ => description,
    };

    /// <inheritdoc/>
    public string Arithmetic => $"{Name} ({description})";

    /// <summary>
    /// Which matrix products in single precision may use TF32 on the device: faster, and with 10 bits of mantissa in place of 23. In double
    /// precision it changes nothing.
    /// </summary>
    public Tf32Use Tf32 { get; internal init; }

    /// <summary>Whether any of them may.</summary>
    public bool AllowTf32 => Tf32 != Tf32Use.Nowhere;

    /// <summary>How many datasets the context has a copy of.</summary>
    internal int DatasetCount => datasets.Count;

    /// <summary>A backend on this machine's processor.</summary>
    /// <exception cref="ConfigurationException">
    /// There is no usable library; the message names each place tried and why it failed.
    /// </exception>
    /// <exception cref="BackendException">The library could not make it.</exception>
    public static NativeBackend OnHost()
    {
        var status = NativeLibraryStatus.Current;
        if (status.Failure is { } trouble)
            throw new ConfigurationException($"The backend native-host is not available: no native library. Tried {trouble}. {Remedy}");
        ulong context;
        NativeCall.Require(NativeMethods.hg_context_create_host(&context));
        return Make(context, "native-host", $"native library {status.Version} on the processor");
    }

    /// <summary>A backend on a CUDA device.</summary>
    /// <param name="device">The device's number; null for the first one that has room for this program.</param>
    /// <param name="allowTf32">Whether matrix products in single precision may use TF32.</param>
    /// <exception cref="ConfigurationException">
    /// There is no usable library, no such device, or it has no TF32; the message says why.
    /// </exception>
    /// <exception cref="BackendException">The library could not make it.</exception>
    public static NativeBackend OnDevice(int? device = null, bool allowTf32 = false) =>
        OnDevice(device, allowTf32 ? Tf32Use.Everywhere : Tf32Use.Nowhere);

    /// <summary>A backend on a CUDA device.</summary>
    /// <param name="device">The device's number; null for the first one that has room for this program.</param>
    /// <param name="tf32">Which matrix products in single precision may use TF32.</param>
    /// <exception cref="ConfigurationException">
    /// There is no usable library, no such device, or it has no TF32; the message says why.
    /// </exception>
    /// <exception cref="BackendException">The library could not make it.</exception>
    public static NativeBackend OnDevice(int? device, Tf32Use tf32)
    {
        var status = NativeLibraryStatus.Current;
        if (status.WhyNoCuda is { } trouble)
            throw new ConfigurationException($"The backend cuda is not available: {trouble}.{(status.IsAvailable ? "" : $" {Remedy}")}");
        if (device is null)
            return OnFirst(status.Devices.Where(candidate => candidate.IsUsable), tf32);
        return On(status.Devices.FirstOrDefault(candidate => candidate.Number == device)
            ?? throw new ConfigurationException($"There is no CUDA device {device}; the devices are "
                + $"{string.Join("; ", status.Devices.Select(candidate => $"{candidate.Number}: {candidate}"))}."), tf32);
    }

    /// <inheritdoc/>
    public ISession Open(RawRun run, Precision precision, CancellationToken cancellation = default) =>
        new NativeSession(context, datasets, run, precision, Tf32, cancellation);

    /// <summary>Lets go of the device, as soon as all sessions are disposed.</summary>
    public void Dispose()
    {
        datasets.Dispose();
        context.Dispose();
    }

    private static string Remedy =>
        $"Install the package Hypergrad.Native for this system, or set {NativeLibraryLoader.PathVariable} to the library or its folder.";

    private static NativeBackend On(CudaDevice device, Tf32Use tf32)
    {
        if (tf32 != Tf32Use.Nowhere)
            device.RequireTf32();
        ulong context;
        NativeCall.Require(NativeMethods.hg_context_create_device(device.Number, &context));
        return Make(context, "cuda", $"CUDA on {device.Name}", tf32);
    }

    // One that is full, or that another program holds, shows it only when a context is made on it.
    private static NativeBackend OnFirst(IEnumerable<CudaDevice> devices, Tf32Use tf32)
    {
        var troubles = new List<string>();
        foreach (var device in devices)
        {
            try
            {
                return On(device, tf32);
            }
            catch (BackendException exception)
            {
                troubles.Add($"{device.Name} (device {device.Number}): {exception.Message}");
            }
        }
        throw new BackendException($"No CUDA device has room for this program: {string.Join(" ", troubles)}");
    }

    private static NativeBackend Make(ulong context, string name, string description, Tf32Use tf32 = Tf32Use.Nowhere)
    {
        sbyte* products;
        var owned = new NativeObject(context);
        NativeCall.Require(NativeMethods.hg_context_products(context, &products));
        return new(owned, name, $"{description}, products by {NativeCall.Text(products)}") { Tf32 = tf32 };
    }
}
