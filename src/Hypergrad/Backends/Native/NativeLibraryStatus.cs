using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>What there is of the native library on this machine, found out once.</summary>
public sealed unsafe class NativeLibraryStatus
{
    private static readonly Lazy<NativeLibraryStatus> Found = new(() => new(NativeLibraryLoader.Report));

    private NativeLibraryStatus(LoadReport report)
    {
        Tried = [.. report.Attempts.Where(attempt => attempt.Failure is not null).Select(attempt => $"{attempt.Place}: {attempt.Failure}")];
        (Path, Failure) = (report.Path, report.IsLoaded ? null : report.Summary);
        Warning = report.Warning is { } unused ? $"the native library cannot be used: {unused}" : null;
        if (!report.IsLoaded)
            return;
        try
        {
            Version = NativeCall.Text(NativeMethods.hg_version());
            HasCuda = NativeMethods.hg_has_cuda() != 0;
            int count;
            // Devices that cannot be asked about are no trouble of the library's.
            if (NativeMethods.hg_device_count(&count) != hg_status.HG_OK)
                count = 0;
            if (count == 0)
                WhyNoDevice = NativeCall.LastError;
            Devices = [.. Enumerable.Range(0, count).Select(CudaDevice.Query)];
            // Where there is no device nothing is amiss.
            if (UsableDevice is null && (count > 0 || WhyNoDevice!.StartsWith("the driver is too old", StringComparison.Ordinal)))
                Warning = $"CUDA cannot be used: {WhyNoCuda}";
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or HypergradException or InvalidOperationException)
        {
            Failure = $"{Path}: {exception.Message}";
            Warning = $"the native library cannot be used: {Failure}";
        }
    }

    /// <summary>That of this process; the first call looks for the library.</summary>
    public static NativeLibraryStatus Current => Found.Value;

    /// <summary>The environment variable that names the library's file, or its folder.</summary>
    public static string PathVariable => NativeLibraryLoader.PathVariable;

    /// <summary>Whether the library can be used.</summary>
    public bool IsAvailable => Failure is null;

    /// <summary>Where the library is, or null when none is loaded.</summary>
    public string? Path { get; }

    /// <summary>The library's version, or null when none is loaded.</summary>
    public string? Version { get; }

    /// <summary>The version of the library's interface that this program speaks; one that is loaded speaks it too.</summary>
    public static int AbiVersion => NativeLibraryLoader.AbiVersion;

    /// <summary>Whether the library was built with CUDA.</summary>
    public bool HasCuda { get; }

    /// <summary>The CUDA devices, usable or not.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; } = [];

    /// <summary>Why there are no CUDA devices, or null when there are some or no library is loaded.</summary>
    public string? WhyNoDevice { get; }

    /// <summary>Every place that was tried in vain, each with the reason.</summary>
    public IReadOnlyList<string> Tried { get; }

    /// <summary>Why the library cannot be used, in one line: every place that was tried. Null when it can.</summary>
    public string? Failure { get; }

    /// <summary>
    /// What is there but cannot be used, in one line: a library that is broken, of another machine or another release; a driver that is too
    /// old, a device without cuBLAS. Null when all is well or nothing is there.
    /// </summary>
    public string? Warning { get; }

    /// <summary>The first device that the library can use, or null.</summary>
    public CudaDevice? UsableDevice => Devices.FirstOrDefault(device => device.IsUsable);

    /// <summary>Why CUDA cannot be used, in one line, or null when it can.</summary>
    public string? WhyNoCuda => Failure is not null ? $"no native library: {Failure}"
        : UsableDevice is not null ? null
        : Devices.Count > 0 ? string.Join("; ", Devices.Select(device => $"{device.Name} (device {device.Number}): {device.Failure}"))
        : WhyNoDevice is { Length: > 0 } ? WhyNoDevice.TrimEnd('.')
        : "there is no CUDA device";
}
