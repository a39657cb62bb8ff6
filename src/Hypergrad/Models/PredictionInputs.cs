using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Networks;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>Reads what is to be predicted from a file, whose targets may be missing: an IDX file of images, or a CSV file.</summary>
public static class PredictionInputs
{
    // What an IDX file begins with and no text does.
    private const byte IdxBegin = 0;

    /// <summary>Reads the inputs of a file.</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="network">The network that is to see them.</param>
    /// <param name="options">How a CSV file is read; its target columns, where it has them, are left out.</param>
    /// <exception cref="DataException">The file is missing or bad, or has other columns than the network takes.</exception>
    public static Table Read(string path, Network network, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (FilePath.Follow(path).Kind != FileKind.Regular)
            return CsvReader.Read(path, options).Inputs;
        if (IsIdx(path))
            return Images(path);
        return WithoutTargets(path, network, options) ?? CsvReader.Read(path, options).Inputs;
    }

    private static bool IsIdx(string path)
    {
        using var file = DataFile.Open(path);
        Span<byte> first = stackalloc byte[1];
        return file.Read(first) == 1 && first[0] == IdxBegin;
    }

    private static Table Images(string path)
    {
        var file = IdxFile.Read(path);
        if (file.Sizes.Length < 2)
            throw new DataException(
                $"{Quoted.Path(path)}: images have 2 dimensions or more, [count × height × width]; this file has 1, as labels have.");
        return file.Element is IdxElement.Integer or IdxElement.Double
            ? new Table(file.ToDouble(), file.ElementsPerExample, "input")
            : new Table(file.ToSingle(file.Element == IdxElement.UnsignedByte ? 255 : 1), file.ElementsPerExample, "input");
    }

    // A file of exactly the columns that the network takes has no targets. The reader takes the last one for a target all the same; it is
    // put back.
    private static Table? WithoutTargets(string path, Network network, CsvOptions options)
    {
        if (network.InputSize < 2)
            return null;
        Dataset all;
        try
        {
            all = CsvReader.Read(path, options with { TargetColumns = ["-1"], Task = LearningTask.Regression });
        }
        catch (DataException)
        {
            // Whatever is wrong is said when the file is read with its targets.
            return null;
        }
        if (all.InputSize + 1 != network.InputSize)
            return null;
        var rows = new double[(long)all.Count * network.InputSize];
        for (int row = 0; row < all.Count; row++)
        {
            all.Inputs.CopyRow(row, rows.AsSpan(row * network.InputSize, all.InputSize));
            rows[row * network.InputSize + all.InputSize] = all.Targets[row, 0];
        }
        return new(rows, network.InputSize, "input");
    }
}
