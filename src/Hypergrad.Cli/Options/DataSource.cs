using Hypergrad.Data;
using Hypergrad.Parquet;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>
/// Reads a folder or a file of data, whatever is in it: a folder of IDX files or of pictures by class, a Parquet file, an NPZ archive, or
/// a CSV file; files are told apart by their names.
/// </summary>
/// <param name="Csv">How tables are read, and CSV files.</param>
/// <param name="Images">How pictures are read.</param>
/// <param name="Prefix">Which pair of IDX files of a folder.</param>
internal sealed record DataSource(CsvOptions Csv, ImageFolderOptions Images, string? Prefix)
{
    private static readonly string[] TestPrefixes = ["t10k", "test"];

    /// <summary>Reads a source and learns its encoding.</summary>
    /// <exception cref="DataException">Bad data.</exception>
    public (OpenSource Source, DataEncoding Encoding) Learn(string option, string path)
    {
        if (Table(option, path) is not { } read)
        {
            var data = Examples(path, Prefix);
            return (new(data), DataEncoding.Of(data));
        }
        var table = read(null);
        return (new(table), DataEncoding.Learn(table, Csv));
    }

    /// <summary>Reads a source once, to be encoded by what was learned from another one, or from some of its examples.</summary>
    /// <param name="option">The option that names it, for errors.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="encoding">An encoding with the columns that are read.</param>
    /// <param name="isForTraining">Whether it is to be trained on; of a folder with the files of a test those are else taken.</param>
    /// <exception cref="DataException">Bad data, or data of another kind.</exception>
    public OpenSource Open(string option, string path, DataEncoding encoding, bool isForTraining = false)
    {
        var read = Table(option, path);
        if (read is null != encoding.Columns is null)
            throw new DataException($"{option} {Quoted.Path(path)}: this is {(read is null ? "no table" : "a table")}, and what was "
                + $"learned from is {(read is null ? "one" : "none")}; they must be of one kind.");
        if (read is not null)
            return new(read(encoding));
        try
        {
            return new(encoding.Conform(Examples(path, isForTraining ? Prefix : PrefixOfATest(path))));
        }
        catch (DataException error) when (!error.Message.Contains(Quoted.Path(path), StringComparison.Ordinal))
        {
            throw new DataException($"{option} {Quoted.Path(path)}: {error.Message}", error);
        }
    }

    /// <summary>Reads the inputs of a table by what was learned from another one, be there targets or not.</summary>
    /// <returns>
    /// The inputs, not normalised, and the table that they are of; null where it is no table, or nothing was learned of tables.
    /// </returns>
    /// <exception cref="DataException">Bad data.</exception>
    public (Table Inputs, RawTable Table)? ReadInputs(string option, string path, DataEncoding? encoding)
    {
        if (encoding is not { Columns: not null } || Table(option, path) is null)
            return null;
        var table = HasExtension(path, ".parquet")
            ? ParquetTable.ReadTable(path, encoding, hasTargets: false)
            : CsvReader.ReadTable(path, encoding, hasTargets: false, Csv);
        return ((encoding with { InputNormalization = null }).ApplyToInputs(table), table);
    }

    // How to read a table with or without an encoding; null where there is none.
    private Func<DataEncoding?, RawTable>? Table(string option, string path)
    {
        if (Directory.Exists(path) || HasExtension(path, ".npz"))
            return null;
        if (!File.Exists(path))
            throw new DataException($"{option} {Quoted.Path(path)}: there is no such file or folder. Give digits, a folder of IDX files "
                + "or of pictures, or a CSV, Parquet or NPZ file.");
        if (HasExtension(path, ".npy"))
            throw new DataException($"{option} {Quoted.Path(path)}: an NPY file has inputs or labels alone: give both files with "
                + "--images and --labels, or one NPZ file.");
        return HasExtension(path, ".parquet")
            ? encoding => encoding is null ? ParquetTable.ReadTable(path, Csv) : ParquetTable.ReadTable(path, encoding)
            : encoding => encoding is null ? CsvReader.ReadTable(path, Csv) : CsvReader.ReadTable(path, encoding, options: Csv);
    }

    private Dataset Examples(string path, string? prefix) => !Directory.Exists(path) ? NumpyReader.ReadArchive(path)
        : ImageFolderReader.IsOne(path) ? ImageFolderReader.Read(path, Images) : IdxReader.ReadDirectory(path, prefix);

    // Where a folder has the pair of files of a test, that is the one to test with.
    private string? PrefixOfATest(string path) => Prefix ?? (!Directory.Exists(path) || ImageFolderReader.IsOne(path) ? null
        : IdxReader.FindPairs(path).Select(pair => pair.Prefix).FirstOrDefault(TestPrefixes.Contains));

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
