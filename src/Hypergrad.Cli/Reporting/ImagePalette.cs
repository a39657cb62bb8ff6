namespace Hypergrad.Cli.Reporting;

/// <summary>How the values of an image become colours; each stays readable without full colour vision.</summary>
internal enum ImagePalette
{
    /// <summary>Black to white: for images of the world.</summary>
    Grayscale,

    /// <summary>Dark to light through several hues: for quantities with no middle.</summary>
    Sequential,

    /// <summary>
    /// Blue below a central value, orange above it, the middle in the tone of the page: for changes and signed quantities.
    /// </summary>
    Diverging,

    /// <summary>Red, green and blue of every pixel side by side: for colour images of the world.</summary>
    Colours,
}
