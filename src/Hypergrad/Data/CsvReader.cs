namespace Hypergrad.Data;

/// <summary>
/// Reads tables with a class or numbers to predict from CSV files (RFC 4180; UTF-8 with or without a byte order mark; plain or gzip, told
/// apart by content). Columns hold numbers, or text, which is a category. The file is read once, from its beginning to its end.
/// </summary>
public static class CsvReader
{
    /// <summary>Reads a file. Errors name the file, the line and the column of letters in it, and the table's column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to understand it; by default the last column is the target.</param>
    /// <returns>
    /// The inputs in the precision asked for: numbers as they are, categories one-hot. Targets of a classification are one-hot in single
    /// precision, the classes ordered as numbers when all are numbers, else as text; targets of a regression are the numbers themselves.
    /// </returns>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">The file is missing or empty, or its content is not such a table; the message says what is wrong
    /// where.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other or the table.</exception>
    public static Dataset Read(string path, CsvOptions? options = null)
    {
        var table = ReadTable(path, options);
        return DataEncoding.Learn(table, options).Encode(table);
    }

    /// <summary>Reads a file as it is, for a <see cref="DataEncoding"/> to be learned from it.</summary>
    /// <inheritdoc cref="Read"/>
    public static RawTable ReadTable(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        return ReadColumns(path, options, (name, columns, delimiter) => ColumnLayout.Find(
            name, columns, options, $" Is the delimiter {(delimiter == '\t' ? "a tab" : $"'{delimiter}'")}?"));
    }

    /// <summary>Reads the columns that an encoding knows, to be encoded by it.</summary>
    /// <param name="path">The file; it may have further columns.</param>
    /// <param name="encoding">The encoding.</param>
    /// <param name="hasTargets">Whether the targets are read as well.</param>
    /// <param name="options">How the file is written; what it says of columns is not looked at.</param>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">As <see cref="Read"/>, or a column is missing.</exception>
    public static RawTable ReadTable(string path, DataEncoding encoding, bool hasTargets = true, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        var columns = encoding.OptionsFor(hasTargets);
        options = (options ?? new CsvOptions()) with
        {
            TargetColumns = columns.TargetColumns,
            InputColumns = columns.InputColumns,
            IgnoredColumns = [],
            CategoryColumns = columns.CategoryColumns,
            Task = columns.Task,
            Missing = columns.Missing,
            UnknownCategories = columns.UnknownCategories,
            DoublePrecision = columns.DoublePrecision,
            OthersAreNumbers = true,
        };
        return ReadColumns(path, options, (name, names, _) => ColumnLayout.Match(name, names, columns));
    }

    private static RawTable ReadColumns(string path, CsvOptions options, Func<string, string[], char, ColumnLayout> find)
    {
        using var file = DataFile.Open(path);
        var format = new NumberFormat(options.DecimalComma, options.Thousands);
        char? given = options.Delimiter is { } asked ? CsvDialect.Check(asked, options.DecimalComma) : null;
        using var text = new CsvText(file);
        char delimiter = given ?? CsvDialect.Delimiter(text.First, options.DecimalComma);
        using var records = new CsvRecords(file.Path, text, delimiter);
        string[] first = [.. records.Ahead(1)[0].Fields.Select(field => field.Trim(' '))];
        CsvHeader.Check(file.Path, options);
        var layout = find(file.Path, first, delimiter);
        layout.HasNames = CsvHeader.Find(options, records, layout, format);
        if (layout.HasNames)
            records.Next();
        string name = file.Path;
        return ReadRows(records, layout, new RawTableBuilder(name, layout, options, format) { PlaceOf = line => $"{name}:{line}" });
    }

    private static RawTable ReadRows(CsvRecords records, ColumnLayout layout, RawTableBuilder table)
    {
        while (records.Next())
        {
            if (records.FieldCount != layout.ColumnCount)
                throw records.RecordError(
                    $"this line has {records.FieldCount} fields, the first line has {layout.ColumnCount}.");
            for (int column = 0; column < table.Builders.Length; column++)
                table.Set(column, table.Builders[column].Add(records[table.Builders[column].Field], records));
            table.EndRow();
        }
        return table.Finish("there is a header but no data below it.");
    }
}
