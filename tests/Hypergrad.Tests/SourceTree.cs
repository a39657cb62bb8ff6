namespace Hypergrad.Tests;

/// <summary>The repository that the tests were built in; tests that read it are skipped, visibly, elsewhere.</summary>
internal static class SourceTree
{
    private static readonly string? Root = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder of the repository; it need not exist.</summary>
    public static string File(params string[] parts)
    {
        if (Root is null)
            Assert.Ignore($"There is no Hypergrad.sln above {AppContext.BaseDirectory}; this test reads the sources beside it.");
        return Path.Combine([Root!, .. parts]);
    }

    private static string? Find(string start)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            if (System.IO.File.Exists(Path.Combine(folder, "Hypergrad.sln")))
                return folder;
        return null;
    }
}
