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
        foreach (string place in status.Tried)
            yield return ("  tried", place);
        foreach (string name in new[] { "native-host", "cuda" })
            yield return ($"{name} backend", Describe(name));
        foreach (var device in status.Devices)
            yield return ($"CUDA device {device.Number}", $"{device}{(device.Trouble is { } trouble ? $"; {trouble}" : "")}");
        yield return ("--tf32", status.UsableDevice is { HasTf32: true }
            ? "to be had, with --precision single"
            : "not to be had: it takes a usable CUDA device of compute capability 8.0 or newer");
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
                : name == "cuda" && status.CudaTrouble is { } trouble ? $"not available: {trouble}"
                : $"not available: {exception.Message}";
        }
    }
}
