using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Backends.Native;

namespace Hypergrad.Cli.Output;

/// <summary>What <c>hypergrad doctor</c> tells of the native library and the CUDA devices.</summary>
internal static class NativeFacts
{
    /// <summary>Rows of a name and a value.</summary>
    public static IEnumerable<(string Key, string Value)> All()
    {
        var status = NativeLibraryStatus.Current;
        yield return ("native library", status.IsAvailable
            ? $"{status.Path}, version {status.Version}, {(status.HasCuda ? "with" : "without")} CUDA"
            : "none that can be used");
        yield return ("ABI version", NativeLibraryStatus.AbiVersion.ToString(CultureInfo.InvariantCulture));
        string? given = Environment.GetEnvironmentVariable(NativeLibraryStatus.PathVariable);
        yield return (NativeLibraryStatus.PathVariable, string.IsNullOrWhiteSpace(given) ? "not set" : $"{given}; nothing else is tried");
        foreach (string place in status.Tried)
            yield return ("  tried", place);
        if (Help(status) is { } help)
            yield return ("what would help", help);
        foreach (string name in new[] { "native-host", "cuda" })
            yield return ($"{name} backend", Describe(name));
        foreach (var device in status.Devices)
            yield return ($"CUDA device {device.Number}", $"{device}{(device.Failure is { } trouble ? $"; {trouble}" : "")}");
        yield return ("--tf32", status.UsableDevice is { HasTf32: true }
            ? "available, with --precision single"
            : "not available: it takes a usable CUDA device of compute capability 8.0 or newer");
    }

    /// <summary>What would bring the native library, or CUDA; null where both are there.</summary>
    private static string? Help(NativeLibraryStatus status)
    {
        if (!status.IsAvailable)
            return "install a Hypergrad.Cli that brings the library for this system, or the package Hypergrad.Native for it; in a "
                + "checkout, build it by ./build.sh native and run by ./build.sh run; or set "
                + $"{NativeLibraryStatus.PathVariable} to the library or its folder";
        if (!status.HasCuda)
            return "for CUDA, a library that was built where a CUDA toolkit is installed, 11.8 or newer: in a checkout, ./build.sh native";
        return status.UsableDevice is not null ? null
            : status.Devices.Count > 0 ? "for CUDA, to mend what is said of each device below"
            : "for CUDA, a device of NVIDIA's and its driver; nvidia-smi lists what the driver knows";
    }

    private static string Describe(string name)
    {
        try
        {
            return Backend.Find(name).Description;
        }
        catch (HypergradException exception)
        {
            var status = NativeLibraryStatus.Current;
            return !status.IsAvailable ? "not available: no native library"
                : name == "cuda" && status.WhyNoCuda is { } trouble ? $"not available: {trouble}"
                : $"not available: {exception.Message}";
        }
    }
}
