namespace Hypergrad.Data;

/// <summary>In which colours pictures are read.</summary>
public enum ImageColours
{
    /// <summary>Grey where every picture is grey, else red, green and blue.</summary>
    Auto,

    /// <summary>One channel.</summary>
    Grey,

    /// <summary>Three channels: red, green and blue.</summary>
    Rgb,
}
