using Hypergrad.Interop;

namespace Hypergrad.Tests;

/// <summary>Points the tests to the native library that was built beside them, unless the environment points to another one.</summary>
[SetUpFixture]
public sealed class NativeLibrarySetUp
{
    [OneTimeSetUp]
    public void FindLibrary()
    {
        if (Environment.GetEnvironmentVariable(NativeLibraryLoader.PathVariable) is null && Built() is { } path)
            Environment.SetEnvironmentVariable(NativeLibraryLoader.PathVariable, path);
    }

    // Below artifacts/native, in the folder that the build tool chose.
    private static string? Built()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "artifacts", "native");
            if (Directory.Exists(candidate))
                return Directory.EnumerateFiles(candidate, LibraryPlaces.FileName,
                    SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault();
        }
        return null;
    }
}
