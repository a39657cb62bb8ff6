using Hypergrad.Files;
using Hypergrad.Wording;
using StbImageSharp;

namespace Hypergrad.Data;

/// <summary>A file with a picture: PNG or JPEG.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Class">The place of its class among the classes.</param>
internal sealed record ImageFile(string Path, int Class)
{
    private const int MostBytes = 1 << 28, MostPixels = 1 << 26;

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Whether a file is one by its name.</summary>
    public static bool HasName(string path) =>
        Extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The size and whether the picture is grey, from the file's first bytes.</summary>
    /// <exception cref="DataException">It is no picture, or one too large.</exception>
    public (int Width, int Height, bool IsGrey) ReadHeader() => Require(Bytes());

    /// <summary>The picture, row by row, the channels of a pixel side by side, 0 to 255.</summary>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public ImageResult Read(int channels)
    {
        // Of what the header says the decoder takes the memory before it reads on: it is looked at first.
        byte[] bytes = Bytes();
        Require(bytes);
        return Guard(() => ImageResult.FromStream(
            new ImageStream(bytes), channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue));
    }

    private (int Width, int Height, bool IsGrey) Require(byte[] bytes)
    {
        string shown = Quoted.Path(Path);
        var info = Guard(() => ImageInfo.FromStream(new ImageStream(bytes)))
            ?? throw new DataException($"{shown}: this is no PNG or JPEG picture, or it is damaged. Remove it, or save it again.");
        if (info.Width < 1 || info.Height < 1 || (long)info.Width * info.Height > MostPixels)
            throw new DataException($"{shown}: the picture has {info.Width} × {info.Height} pixels; from 1 to {MostPixels} are read.");
        return (info.Width, info.Height, info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha);
    }

    private byte[] Bytes()
    {
        using var file = InputFile.Open(Path);
        return file.Length > MostBytes
            ? throw new DataException($"{file.Path}: the file has {file.Length} bytes; at most {MostBytes} are read.")
            : InputFile.ReadAll(file.Stream, MostBytes, file.Path).ToArray();
    }

    // The decoder complains of damaged files with whatever it stumbles upon.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or HypergradException))
        {
            throw new DataException(
                $"{Quoted.Path(Path)}: the picture cannot be read: {error.Message}. Remove it, or save it again.", error);
        }
    }
}
