using System.Reflection;
using System.Runtime.InteropServices;

namespace Hypergrad.Interop;

/// <summary>
/// Finds and loads the native library, once per process: first whoever handles <see cref="ResolveLibrary"/> is asked, then the path in the
/// environment variable HYPERGRAD_NATIVE_PATH (a file or a folder) is tried or, if there is none, the application's folder, its
/// runtimes/&lt;rid&gt;/native, and where the host found the native assets of packages. A library that cannot be loaded, is another one, or
/// has another ABI version is passed over, and the report says why.
/// </summary>
public static unsafe class NativeLibraryLoader
{
    /// <summary>What the library is called, without the system's prefix and suffix.</summary>
    public const string LibraryName = "hypergrad";

    /// <summary>The environment variable that names the library's file, or its folder; no other path is tried then.</summary>
    public const string PathVariable = "HYPERGRAD_NATIVE_PATH";

    private static readonly Lazy<LoadReport> Loaded = new(() =>
        Load(ResolveLibrary?.GetInvocationList().Cast<DllImportResolver>() ?? [], Environment.GetEnvironmentVariable(PathVariable)));

    /// <summary>
    /// Asked for the library before any path is tried; the first handle that is not 0 and is a library of the right ABI version is taken.
    /// To be subscribed to before the library is first used.
    /// </summary>
    public static event DllImportResolver? ResolveLibrary;

    /// <summary>How the search went. The first call makes it.</summary>
    public static LoadReport Report => Loaded.Value;

    /// <summary>The ABI version that this program speaks.</summary>
    public static int AbiVersion => NativeMethods.HG_ABI_VERSION;

    /// <summary>Searches.</summary>
    /// <param name="resolvers">Who is asked first.</param>
    /// <param name="given">The file or folder that the user named, or null.</param>
    internal static LoadReport Load(IEnumerable<DllImportResolver> resolvers, string? given)
    {
        var attempts = new List<LoadAttempt>();
        foreach (var resolver in resolvers)
        {
            if (Ask(resolver, out nint library, out var attempt))
                return new(library, [.. attempts, attempt]);
            attempts.Add(attempt);
        }
        foreach (string path in LibraryPlaces.Of(given))
        {
            if (Try(path, isGiven: !string.IsNullOrWhiteSpace(given), out nint library, out var attempt))
                return new(library, [.. attempts, attempt]);
            attempts.Add(attempt);
        }
        return new(0, attempts);
    }

    private static bool Ask(DllImportResolver resolver, out nint library, out LoadAttempt attempt)
    {
        string? trouble;
        try
        {
            library = resolver(LibraryName, Assembly.GetExecutingAssembly(), null);
            trouble = library == 0 ? "it knows none" : FailureOf(library);
        }
#pragma warning disable CA1031 // Whatever a handler throws, the next place may have the library.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            (library, trouble) = (0, OneLine(exception.Message));
        }
        attempt = new("a handler of ResolveLibrary", trouble, IsComplaint: trouble is not null && library != 0);
        return trouble is null;
    }

    private static bool Try(string path, bool isGiven, out nint library, out LoadAttempt attempt)
    {
        library = 0;
        string? trouble = File.Exists(path) ? null : "there is no such file";
        bool isComplaint = isGiven || trouble is null;
        if (trouble is null)
        {
            try
            {
                library = NativeLibrary.Load(Path.GetFullPath(path));
                trouble = FailureOf(library);
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or IOException)
            {
                trouble = OneLine(exception.Message).Replace($"{Path.GetFullPath(path)}: ", "");
            }
            if (trouble is not null && library != 0)
                NativeLibrary.Free(library);
        }
        attempt = new(path, trouble, isComplaint && trouble is not null);
        return trouble is null;
    }

    // Functions that are added do not change the ABI version: a library without this one was built before.
    private const string NewestFunction = nameof(NativeMethods.hg_shared_dataset_create);

    private static string? FailureOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, nameof(NativeMethods.hg_abi_version), out nint address))
            return $"it is not Hypergrad's native library (it has no {nameof(NativeMethods.hg_abi_version)})";
        int version = ((delegate* unmanaged[Cdecl]<int>)address)();
        if (version != AbiVersion)
            return $"its ABI version is {version} and this program speaks {AbiVersion}; install the library of the same release";
        return NativeLibrary.TryGetExport(library, NewestFunction, out _)
            ? null
            : $"it is older than this program (it has no {NewestFunction}); install the library of the same release, or build it again";
    }

    // The system's own words come last, behind advice of several lines.
    private static string OneLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
}
