namespace Hypergrad.Files;

/// <summary>What a path leads to, symbolic links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing: a file could be made there.</summary>
    Missing,

    /// <summary>A file with a content of its own, or something that this system cannot tell from one.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named or an open pipe.</summary>
    Pipe,

    /// <summary>A terminal, /dev/null and their like, which bytes go to or come from one after the other.</summary>
    CharacterDevice,

    /// <summary>A disk.</summary>
    BlockDevice,

    /// <summary>A socket.</summary>
    Socket,
}
