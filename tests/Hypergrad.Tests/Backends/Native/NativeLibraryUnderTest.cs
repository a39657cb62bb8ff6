using Hypergrad.Backends.Native;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>The native library; a test that needs it is skipped, with the reason, where it is not built.</summary>
internal static class NativeLibraryUnderTest
{
    /// <summary>The path of the library.</summary>
    public static string Require()
    {
        if (NativeLibraryStatus.Current.Failure is { } trouble)
            Assert.Ignore($"The native library is not built: {trouble}");
        return NativeLibraryStatus.Current.Path!;
    }
}
