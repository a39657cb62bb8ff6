using System.Globalization;

namespace Hypergrad.Files;

/// <summary>Where a path leads: symbolic links followed to their end, whether or not there is anything.</summary>
internal readonly record struct FilePath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    private static readonly string[] DescriptorFolders = ["/dev/fd/", "/proc/self/fd/"];

    private FilePath(string target, FileKind kind, int? descriptor) => (Target, Kind, Descriptor) = (target, kind, descriptor);

    /// <summary>The full path of the file itself.</summary>
    public string Target { get; }

    /// <summary>What is there.</summary>
    public FileKind Kind { get; }

    /// <summary>The open descriptor of this process that the path stands for, as /dev/stdout does; null for all others.</summary>
    public int? Descriptor { get; }

    /// <summary>Follows a path.</summary>
    /// <exception cref="IOException">The links lead in a circle, or the path cannot be followed.</exception>
    public static FilePath Follow(string path)
    {
        string at = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (DescriptorOf(at) is { } descriptor)
                return new(at, KindAt(at), descriptor);
            if (new FileInfo(at).LinkTarget is not { } next)
                return new(at, KindAt(at), null);
            at = Path.GetFullPath(next, Path.GetDirectoryName(at)!);
        }
        throw new IOException("Its symbolic links lead in a circle.");
    }

    private static FileKind KindAt(string path)
    {
        if (Posix.KindOf(path) is { } kind)
            return kind;
        return Directory.Exists(path) ? FileKind.Folder
            : path.StartsWith(@"\\.\", StringComparison.Ordinal) ? FileKind.CharacterDevice
            : File.Exists(path) ? FileKind.Regular : FileKind.Missing;
    }

    private static int? DescriptorOf(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        foreach (string folder in DescriptorFolders)
            if (path.StartsWith(folder, StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                return number;
        return path switch { "/dev/stdin" => 0, "/dev/stdout" => 1, "/dev/stderr" => 2, _ => null };
    }
}
