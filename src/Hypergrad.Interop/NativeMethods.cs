using System.Runtime.InteropServices;

namespace Hypergrad.Interop;

/// <summary>The entry points of the native library, and how it is found when the first of them is called.</summary>
internal static unsafe partial class NativeMethods
{
    // Runs before the first entry point is bound. The system's own search is never made: it might find a library that was passed over.
    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, (_, _, _) =>
        NativeLibraryLoader.Report is { IsLoaded: true } report
            ? report.Handle
            : throw new DllNotFoundException(NativeLibraryLoader.Report.Summary));
}
