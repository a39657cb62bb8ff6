namespace Hypergrad.Files;

/// <summary>Files that are being written, under names of their own until they are whole; what killed processes leave of them.</summary>
internal static class Leftovers
{
    private const string Pattern = ".hypergrad-*.new";

    /// <summary>A name that nobody else has.</summary>
    public static string NewName() => $".hypergrad-{Guid.NewGuid():N}.new";

    /// <summary>Removes the files that no living process holds open.</summary>
    public static void RemoveFrom(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, Pattern))
                if (FilePath.Follow(path) is { Kind: FileKind.Regular } found && found.Target == Path.GetFullPath(path))
                    using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process is writing it, or has moved it into place: it is none.
        }
    }
}
