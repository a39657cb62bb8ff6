using System.Runtime.InteropServices;
using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>A CUDA device of this machine.</summary>
/// <param name="Number">Its number among the devices, from 0.</param>
/// <param name="Name">What its maker calls it.</param>
/// <param name="ComputeCapability">Such as 9.0.</param>
/// <param name="Multiprocessors">How many.</param>
/// <param name="TotalMemory">In bytes.</param>
/// <param name="DriverVersion">The newest CUDA that the driver supports.</param>
/// <param name="RuntimeVersion">The CUDA runtime that the library was built with.</param>
/// <param name="Failure">Why the library cannot compute on it, or null when it can.</param>
public sealed record CudaDevice(
    int Number, string Name, Version ComputeCapability, int Multiprocessors, long TotalMemory,
    Version DriverVersion, Version RuntimeVersion, string? Failure)
{
    /// <summary>The cuBLAS that multiplies on it, such as 12.4; null where none was found.</summary>
    public Version? CublasVersion { get; init; }

    /// <summary>Whether the library can compute on it.</summary>
    public bool IsUsable => Failure is null;

    /// <summary>Whether its tensor cores multiply in TF32, as those of compute capability 8.0 and newer do.</summary>
    public bool HasTf32 => ComputeCapability.Major >= 8;

    /// <summary>Refuses a device without TF32.</summary>
    /// <exception cref="ConfigurationException">It has none.</exception>
    internal void RequireTf32()
    {
        if (!HasTf32)
            throw new ConfigurationException(
                $"TF32 takes compute capability 8.0 or newer, and {Name} has {ComputeCapability}. Leave TF32 out.");
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => TotalMemory == 0 ? Name
        : $"{Name}, compute capability {ComputeCapability}, {Multiprocessors} multiprocessors, "
            + $"{TotalMemory / (double)(1 << 30):F1} GiB, driver for CUDA {DriverVersion}, built with CUDA {RuntimeVersion}"
            + (CublasVersion is { } blas ? $", cuBLAS {blas}" : "");

    /// <summary>Asks a device; one that cannot be asked is one with a trouble, and no other device's.</summary>
    internal static unsafe CudaDevice Query(int number)
    {
        var properties = new hg_device_properties { struct_size = sizeof(hg_device_properties) };
        if (NativeMethods.hg_device_query(number, &properties) != hg_status.HG_OK)
            return new(
                number, "a device that does not answer", new(0, 0), 0, 0, new(0, 0), new(0, 0), NativeCall.LastError.TrimEnd('.'));
        return new(
            number, Marshal.PtrToStringUTF8((nint)(&properties.name)) ?? "",
            new(properties.major, properties.minor), properties.multiprocessors,
            properties.total_memory, VersionOf(properties.driver_version), VersionOf(properties.runtime_version),
            properties.usable != 0 ? null : NativeCall.Text(NativeMethods.hg_last_error()))
        {
            CublasVersion = properties.blas_version == 0 ? null : VersionOf(properties.blas_version),
        };
    }

    // CUDA writes 12.4 as 12040.
    private static Version VersionOf(int number) => new(number / 1000, number % 1000 / 10);
}
