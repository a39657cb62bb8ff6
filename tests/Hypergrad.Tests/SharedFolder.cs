namespace Hypergrad.Tests;

/// <summary>
/// The folder <c>shared</c> that may lie beside the repository, with golden runs and real data too large to be part of it.
/// </summary>
public static class SharedFolder
{
    /// <summary>Where the folder is, or null when it is nowhere above the tests.</summary>
    public static string? Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a folder or file in it; a test that needs it is skipped, visibly, where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        string path = System.IO.Path.Combine([Path ?? "shared", .. parts]);
        if (Path is null || !(Directory.Exists(path) || File.Exists(path)))
            Assert.Ignore($"{path} is not there; this test needs it.");
        return path;
    }

    private static string? Find(string start)
    {
        for (string? folder = start; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            string candidate = System.IO.Path.Combine(folder, "shared");
            if (Directory.Exists(System.IO.Path.Combine(candidate, "golden")))
                return candidate;
        }
        return null;
    }
}
