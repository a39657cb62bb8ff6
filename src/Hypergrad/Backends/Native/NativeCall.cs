using System.Runtime.InteropServices;
using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Turns what the native library answers into values and exceptions.</summary>
internal static unsafe class NativeCall
{
    /// <summary>The library's words about the latest call of this thread that failed.</summary>
    public static string LastError => Text(NativeMethods.hg_last_error());

    /// <summary>A string of the library.</summary>
    public static string Text(sbyte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Goes on if a call succeeded.</summary>
    /// <exception cref="ConfigurationException">An argument that makes no sense.</exception>
    /// <exception cref="BackendException">The memory is full, or the device or the library failed.</exception>
    /// <exception cref="InvalidOperationException">A call at the wrong time: a fault of the program.</exception>
    public static void Require(hg_status status)
    {
        if (status != hg_status.HG_OK)
            throw ExceptionOf(status, LastError);
    }

    internal static Exception ExceptionOf(hg_status status, string message) => status switch
    {
        hg_status.HG_INVALID_ARGUMENT => new ConfigurationException(message),
        hg_status.HG_OUT_OF_MEMORY => new BackendException(
            $"Out of memory: {message} Train fewer replicas side by side, keep fewer snapshots, or choose a smaller network or batch."),
        hg_status.HG_DEVICE_ERROR => new BackendException($"The device failed: {message}"),
        hg_status.HG_UNSUPPORTED => new BackendException($"Not supported here: {message}"),
        hg_status.HG_NULL_ARGUMENT or hg_status.HG_INVALID_HANDLE or hg_status.HG_WRONG_ORDER => new InvalidOperationException(message),
        _ => new BackendException($"The native library failed ({status}): {message}"),
    };
}
