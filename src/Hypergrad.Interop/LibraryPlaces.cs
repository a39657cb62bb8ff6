using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Hypergrad.Interop;

/// <summary>Where the native library may lie.</summary>
internal static class LibraryPlaces
{
    /// <summary>The file's name on this system: libhypergrad.so, hypergrad.dll, libhypergrad.dylib.</summary>
    public static string FileName { get; } =
        OperatingSystem.IsWindows() ? "hypergrad.dll" : OperatingSystem.IsMacOS() ? "libhypergrad.dylib" : "libhypergrad.so";

    /// <summary>What the library with CUDA is called in its package, so that it can lie beside the one without.</summary>
    public static string CudaFileName { get; } = FileName.Replace("hypergrad", "hypergrad_cuda", StringComparison.Ordinal);

    /// <summary>
    /// The paths to try, in order; in a folder that has it, the library with CUDA first. A path that the user gave is the only one: whoever
    /// points to a library wants that one or a complaint.
    /// </summary>
    /// <param name="given">A file or a folder, or null.</param>
    public static IEnumerable<string> Of(string? given)
    {
        if (!string.IsNullOrWhiteSpace(given))
            return Directory.Exists(given) ? In(given) : [given];
        string[] roots = [AppContext.BaseDirectory, AssemblyFolder()];
        var folders = roots.Where(root => root.Length > 0)
            .SelectMany(root => RuntimeIdentifiers().Select(rid => Path.Combine(root, "runtimes", rid, "native")).Prepend(root));
        // Where the host found the native assets of packages, and where a single file unpacked its own.
        string hostFolders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return folders.Concat(hostFolders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(folder => In(Path.GetFullPath(folder))).Distinct();
    }

    private static IEnumerable<string> In(string folder)
    {
        string plain = Path.Combine(folder, FileName), cuda = Path.Combine(folder, CudaFileName);
        return File.Exists(cuda) ? [cuda, plain] : [plain];
    }

    private static IEnumerable<string> RuntimeIdentifiers()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string portable = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return new[] { RuntimeInformation.RuntimeIdentifier, portable }.Distinct();
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a single file, and then not used.")]
    private static string AssemblyFolder() => Path.GetDirectoryName(typeof(LibraryPlaces).Assembly.Location) ?? "";
}
