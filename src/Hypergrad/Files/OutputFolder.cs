namespace Hypergrad.Files;

/// <summary>A folder that results are put in, each file whole or not at all.</summary>
internal sealed class OutputFolder
{
    /// <summary>Opens a folder, made if it is not there, and finds out before any work is done whether results will fit.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="bytes">About how much will be written.</param>
    /// <exception cref="ConfigurationException">It cannot be written to, or has not that much room.</exception>
    public OutputFolder(string path, long bytes = 4096)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            throw new ConfigurationException("The folder to write to has no name.");
        Path = path;
        string? probe = null;
        try
        {
            string folder = FilePath.Follow(path).Target;
            Directory.CreateDirectory(folder);
            Leftovers.RemoveFrom(folder);
            probe = System.IO.Path.Combine(folder, Leftovers.NewName());
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            var block = new byte[64 * 1024];
            for (long written = 0; written < bytes; written += block.Length)
                file.Write(block);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (probe is not null && File.Exists(probe))
                File.Delete(probe);
            throw OutputFile.CannotWrite(path, exception);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The full path of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file of the folder, as <see cref="OutputFile.Write"/> does.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ConfigurationException">
    /// It cannot be written; the old file is still there, and nothing half-written beside it.
    /// </exception>
    public void Replace(string name, Action<Stream> write) => OutputFile.In(this, name).Write(write);
}
