namespace Hypergrad.Data;

/// <summary>How a folder of pictures is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The height to which pictures are resized, in pixels; null, as is the width, to leave them as they are.</summary>
    public int? Height { get; init; }

    /// <summary>The width to which pictures are resized, in pixels; null, as is the height, to leave them as they are.</summary>
    public int? Width { get; init; }

    /// <summary>In which colours they are read.</summary>
    public ImageColours Colours { get; init; }
}
