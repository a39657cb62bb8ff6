using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>Reads an IDX file of images by itself, without labels: images to be predicted.</summary>
public static class UnlabelledImages
{
    // What an IDX file begins with and no text does.
    private const byte IdxBegin = 0;

    /// <summary>Whether a file is an IDX file, plain or gzip. A pipe, which can be read once only, is taken for none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is missing, empty, or cannot be read.</exception>
    public static bool AreIn(string path)
    {
        if (FilePath.Follow(path).Kind != FileKind.Regular)
            return false;
        using var file = DataFile.Open(path);
        Span<byte> first = stackalloc byte[1];
        return file.Read(first) == 1 && first[0] == IdxBegin;
    }

    /// <summary>Reads the images, [count × features]; bytes become [0, 1] by division by 255.</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <exception cref="DataException">It is missing or bad, or holds labels.</exception>
    public static Table Read(string path)
    {
        var file = IdxFile.Read(path);
        if (file.Sizes.Length < 2)
            throw new DataException(
                $"{Quoted.Path(path)}: images have 2 dimensions or more, [count × height × width]; this file has 1, as labels have.");
        return file.Element is IdxElement.Integer or IdxElement.Double
            ? new Table(file.ToDouble(), file.ElementsPerExample, "input")
            : new Table(file.ToSingle(file.Element == IdxElement.UnsignedByte ? 255 : 1), file.ElementsPerExample, "input");
    }
}
