namespace Hypergrad.Data;

/// <summary>A file of images and the file of their labels.</summary>
/// <param name="Prefix">What comes before "images" in the file's name, without a hyphen or dot at its end: "train", "t10k"; may be
/// empty.</param>
/// <param name="ImagesPath">The images.</param>
/// <param name="LabelsPath">Their labels.</param>
public sealed record IdxPair(string Prefix, string ImagesPath, string LabelsPath);
