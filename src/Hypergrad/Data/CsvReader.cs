using System.Numerics;

namespace Hypergrad.Data;

/// <summary>
/// Reads tables of numbers with a class or numbers to predict from CSV files (RFC 4180; UTF-8 with or without a byte order mark; plain or
/// gzip, told apart by content). Numbers are written with a decimal point. Inputs are all columns that are not targets, in the file's
/// order.
/// </summary>
public static class CsvReader
{
    /// <summary>Reads a file. Errors name the file, the line and the column of letters in it, and the table's column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to understand it; by default the last column is the target.</param>
    /// <returns>
    /// The inputs in the precision asked for. Targets of a classification are one-hot in single precision, the classes ordered as numbers
    /// when all are numbers, else as text; targets of a regression are the numbers themselves.
    /// </returns>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    /// <exception cref="DataException">The file is missing or empty, or its content is not such a table; the message says what is wrong
    /// where.</exception>
    /// <exception cref="ConfigurationException">The options contradict each other or the table.</exception>
    public static Dataset Read(string path, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        using var file = DataFile.Open(path);
        var text = CsvDialect.Text(file.Path, file.ReadAll(piece => CsvDialect.RequireText(file.Path, piece)));
        path = file.Path;
        byte delimiter = options.Delimiter is { } given ? CsvDialect.Check(given) : CsvDialect.Delimiter(text.Span);
        var layout = CsvLayout.Find(path, text, delimiter, options);
        CheckImageWidth(path, options.ImageWidth, layout.Inputs.Length);
        var records = new CsvRecords(path, text, delimiter);
        return options.DoublePrecision ? Read<double>(records, layout, options) : Read<float>(records, layout, options);
    }

    private static Dataset Read<T>(CsvRecords records, CsvLayout layout, CsvOptions options)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var inputs = new CsvNumbers<T>(layout.Inputs, layout);
        bool areNumbers = options.Task == LearningTask.Regression || options.Task is null && layout.Targets.Length > 1;
        var numbers = areNumbers ? new CsvNumbers<T>(layout.Targets, layout) : null;
        var classes = new CsvClasses();
        if (layout.HasHeader)
            records.Next();
        int count = 0;
        for (; records.Next(); count++)
        {
            if (records.FieldCount != layout.ColumnCount)
                throw records.RecordError($"this line has {records.FieldCount} fields, the first line has {layout.ColumnCount}.");
            inputs.Add(records);
            if (numbers is not null)
                numbers.Add(records);
            else
                classes.Add(records, layout.Targets[0], layout);
        }
        if (count == 0)
            throw new DataException($"{records.Path}: there is a header but no data below it.");
        if (numbers is not null)
            return new Dataset(inputs.ToTable("input"), numbers.ToTable("target")) { ImageWidth = options.ImageWidth };
        if (options.Task is null && classes.AreMeasurements)
            return new Dataset(inputs.ToTable("input"), classes.ToTable<T>()) { ImageWidth = options.ImageWidth };
        var (targets, names) = classes.Finish(records.Path);
        return new Dataset(inputs.ToTable("input"), targets) { ImageWidth = options.ImageWidth, ClassNames = names };
    }

    private static void CheckImageWidth(string path, int? width, int inputs)
    {
        if (width is { } given && (given < 1 || inputs % given != 0))
            throw new ConfigurationException($"{path}: {inputs} inputs do not make a picture of width {given}.");
    }
}
