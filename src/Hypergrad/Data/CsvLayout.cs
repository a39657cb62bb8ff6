using System.Globalization;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>What the columns of a CSV file are: whether the first line names them, which are targets and which are inputs.</summary>
internal sealed class CsvLayout
{
    private readonly string[] first;

    private CsvLayout(string path, string[] first, CsvOptions options)
    {
        this.first = first;
        bool named = options.TargetColumns.Any(column => !IsColumnNumber(column, out _));
        HasHeader = options.HasHeader ?? named;
        if (named && !HasHeader)
            throw new ConfigurationException($"{path}: the target column is given by name, but the file is said to have no header; give "
                + "its number.");
        if (options.TargetColumns.Count == 0)
            throw new ConfigurationException($"{path}: no target column is given; the last one is \"-1\".");
        if (options.TargetColumns.Count > 1 && options.Task == LearningTask.Classification)
            throw new ConfigurationException($"{path}: {options.TargetColumns.Count} target columns: classification has one; is this a "
                + "regression?");
    }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>How many fields every line has.</summary>
    public int ColumnCount => first.Length;

    /// <summary>The target columns, in the order asked for.</summary>
    public int[] Targets { get; private set; } = [];

    /// <summary>All other columns, in the file's order.</summary>
    public int[] Inputs { get; private set; } = [];

    /// <summary>Finds the layout from the options and the first lines.</summary>
    /// <exception cref="DataException">A target column that is not there or there twice, no input columns, or no telling a header from
    /// data.</exception>
    /// <exception cref="ConfigurationException">Options that contradict each other.</exception>
    public static CsvLayout Find(string path, ReadOnlyMemory<byte> text, byte delimiter, CsvOptions options)
    {
        var records = new CsvRecords(path, text, delimiter);
        var first = Fields(records);
        var layout = new CsvLayout(path, first, options);
        layout.Targets = [.. options.TargetColumns.Select(column => layout.Resolve(path, column))];
        layout.Inputs = [.. Enumerable.Range(0, first.Length).Except(layout.Targets)];
        if (layout.Targets.Distinct().Count() < layout.Targets.Length)
            throw new ConfigurationException($"{path}: a target column is given twice: {Quoted.List([.. options.TargetColumns])}.");
        if (layout.Inputs.Length == 0)
            throw new DataException($"{path}: there are {first.Length} columns, all of them targets: there are no inputs. Is the delimiter "
                + $"{(delimiter == '\t' ? "a tab" : $"'{(char)delimiter}'")}?");
        layout.HasHeader = options.HasHeader ?? (layout.HasHeader || layout.LooksLikeHeader(path, Fields(records)));
        return layout;
    }

    /// <summary>A column as messages call it: by its name where there is one, else by its number.</summary>
    public string NameOf(int column) => HasHeader ? $"column {Quoted.Of(first[column])}" : $"column {column} (the first is 0)";

    private static string[] Fields(CsvRecords records) =>
        records.Next() ? [.. Enumerable.Range(0, records.FieldCount).Select(records.Text)] : [];

    private int Resolve(string path, string column)
    {
        if (IsColumnNumber(column, out int number))
        {
            int index = number < 0 ? number + first.Length : number;
            return index >= 0 && index < first.Length
                ? index
                : throw new DataException($"{path}: there is no column {number}: there are {first.Length} columns, numbered 0 to "
                    + $"{first.Length - 1}, or from the end -1 to -{first.Length}.");
        }
        int found = Array.IndexOf(first, column), last = Array.LastIndexOf(first, column);
        if (found < last)
            throw new DataException(
                $"{path}: the header has the name {Quoted.Of(column)} twice; give the column's number, {found} or {last}.");
        if (found >= 0)
            return found;
        string nearest = NearestName.Find(column, first) is { } name ? $" Did you mean {Quoted.Of(name)}?" : "";
        throw new DataException($"{path}: there is no column {Quoted.Of(column)}.{nearest} The columns are {Quoted.List(first)}.");
    }

    private bool LooksLikeHeader(string path, string[] second)
    {
        int numbers = Inputs.Count(column => IsNumber(first[column]));
        if (numbers == 0)
            return true;
        if (numbers < Inputs.Length)
        {
            string text = Inputs.Select(column => first[column]).First(field => !IsNumber(field));
            string number = Inputs.Select(column => first[column]).First(IsNumber);
            throw new DataException($"{path}:1: the first line may be names or data: {Quoted.Of(text)} is not a number, but "
                + $"{Quoted.Of(number)} is. Mend it, or say whether there is a header.");
        }
        return second.Length == first.Length && Targets.Any(column => !IsNumber(first[column]) && IsNumber(second[column]));
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool IsColumnNumber(string column, out int number) =>
        int.TryParse(column, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
