using Hypergrad.Data;
using Hypergrad.Wording;
using Parquet;
using Parquet.Schema;

namespace Hypergrad.Parquet;

/// <summary>
/// Reads tables from Parquet files: columns of numbers, truth values, text, and dates, which are refused as inputs. Row groups are read
/// one after the other, and of them only the columns that are used.
/// </summary>
public static class ParquetTable
{
    /// <summary>Reads a file and encodes it, as <see cref="CsvReader.Read"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to understand it; by default the last column is the target.</param>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">The file is missing or damaged, or its content is not such a table.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other or the table.</exception>
    public static Dataset Read(string path, TableOptions? options = null)
    {
        var table = ReadTable(path, options);
        return DataEncoding.Learn(table, options).Encode(table);
    }

    /// <summary>Reads a file as it is, for a <see cref="DataEncoding"/> to be learned from it.</summary>
    /// <inheritdoc cref="Read"/>
    public static RawTable ReadTable(string path, TableOptions? options = null)
    {
        options ??= new TableOptions();
        return ReadColumns(path, options, (name, columns) => ColumnLayout.Find(name, columns, options));
    }

    /// <summary>Reads the columns that an encoding knows, to be encoded by it.</summary>
    /// <param name="path">The file; it may have further columns.</param>
    /// <param name="encoding">The encoding.</param>
    /// <param name="hasTargets">Whether the targets are read as well.</param>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">As <see cref="Read"/>, or a column is missing.</exception>
    public static RawTable ReadTable(string path, DataEncoding encoding, bool hasTargets = true)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var options = encoding.OptionsFor(hasTargets);
        return ReadColumns(path, options, (name, columns) => ColumnLayout.Match(name, columns, options));
    }

    private static RawTable ReadColumns(string path, TableOptions options, Func<string, string[], ColumnLayout> find)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Quoted.Path(path);
        if (!File.Exists(path))
            throw new DataException($"{name}: there is no such file.");
        try
        {
            return ReadColumns(path, name, options, find).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not (OutOfMemoryException or HypergradException))
        {
            // The library complains of damaged files with whatever it stumbles upon.
            throw new DataException($"{name}: the file is no Parquet file, or it is damaged: {error.Message}", error);
        }
    }

    private static async Task<RawTable> ReadColumns(
        string path, string name, TableOptions options, Func<string, string[], ColumnLayout> find)
    {
        var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            DataField[] fields = reader.Schema.GetDataFields();
            var layout = find(name, [.. fields.Select(field => field.Path.ToString())]);
            var table = new RawTableBuilder(name, layout, options, NumberFormat.Plain);
            var position = new ParquetPosition(name);
            for (int group = 0; group < reader.RowGroupCount; group++)
                using (var rows = reader.OpenRowGroupReader(group))
                    await Add(rows, fields, table, position).ConfigureAwait(false);
            return table.Finish("the file has no rows.");
        }
    }

    private static async Task Add(ParquetRowGroupReader rows, DataField[] fields, RawTableBuilder table, ParquetPosition position)
    {
        position.Require(rows.RowCount, table.Builders.Length);
        var columns = new ParquetColumn[table.Builders.Length];
        for (int column = 0; column < columns.Length; column++)
            columns[column] = await ParquetColumn.Read(rows, fields[table.Builders[column].Field], position).ConfigureAwait(false);
        for (int row = 0; row < rows.RowCount; row++)
        {
            position.Row++;
            for (int column = 0; column < columns.Length; column++)
                table.Set(column, columns[column].AddTo(table.Builders[column], row, position));
            table.EndRow();
        }
    }
}
