using System.Runtime.CompilerServices;
using Hypergrad.Wording;

namespace Hypergrad.Data;

/// <summary>Makes a dataset of a table by an encoding, and learns the encoding of a table.</summary>
internal sealed class TableEncoder
{
    private readonly DataEncoding encoding;
    private readonly RawTable table;
    private readonly IReadOnlyList<InputColumn> columns;

    public TableEncoder(DataEncoding encoding, RawTable table)
    {
        (this.encoding, this.table) = (encoding, table);
        columns = encoding.Columns
            ?? throw new ConfigurationException("This encoding is of pictures or arrays; a table cannot be encoded by it.");
        var inputs = table.Columns.Skip(table.TargetCount).Select(column => column.Name);
        if (!inputs.SequenceEqual(columns.Select(column => column.Name)))
            throw new DataException($"{table.Path}: the input columns are {Quoted.List([.. inputs])}; those that were learned from are "
                + $"{Quoted.List([.. columns.Select(column => column.Name)])}.");
    }

    /// <summary>Learns the encoding of a table.</summary>
    public static DataEncoding Learn(RawTable table, TableOptions options)
    {
        int[] rows = MissingEntries.KeptRows(table, options.Missing);
        InputColumn[] columns = [.. Enumerable.Range(table.TargetCount, table.Columns.Count - table.TargetCount)
            .Select(column => LearnColumn(table, column, rows, options))];
        return new()
        {
            Columns = columns,
            TargetColumns = [.. table.Columns.Take(table.TargetCount).Select(column => column.Name)],
            ClassNames = LearnClasses(table, rows, options),
            InputSize = SizeOf(table, columns, options.ImageWidth),
            ImageWidth = options.ImageWidth,
            Missing = options.Missing,
            UnknownCategories = options.UnknownCategories,
            DoublePrecision = options.DoublePrecision,
        };
    }

    /// <summary>All examples; rows that lack something are dropped where the encoding says so.</summary>
    public Dataset Encode()
    {
        int[] rows = MissingEntries.KeptRows(table, encoding.Missing);
        var inputs = encoding.DoublePrecision ? Inputs<double>(rows) : Inputs<float>(rows);
        return new(inputs, Targets(rows)) { ImageWidth = encoding.ImageWidth, ClassNames = encoding.ClassNames };
    }

    /// <summary>The inputs of every row.</summary>
    public Table EncodeInputs()
    {
        int[] rows = MissingEntries.KeptRows(table, encoding.Missing == MissingValues.Impute ? MissingValues.Impute : MissingValues.Refuse);
        return encoding.DoublePrecision ? Inputs<double>(rows) : Inputs<float>(rows);
    }

    /// <summary>The encoding, with the categories and the medians of some of the examples.</summary>
    public DataEncoding LearnFrom(IReadOnlyList<int> examples)
    {
        int[] kept = MissingEntries.KeptRows(table, encoding.Missing);
        int[] rows = [.. examples.Select(example => kept[example])];
        InputColumn[] learned = [.. columns.Select((column, place) => LearnFrom(column, table.TargetCount + place, rows))];
        return encoding with { Columns = learned, InputSize = SizeOf(table, learned, encoding.ImageWidth) };
    }

    /// <summary>The categories of some of the examples that were not learned; of all examples where none are named.</summary>
    public IReadOnlyList<UnknownCategory> UnknownIn(IReadOnlyList<int>? examples)
    {
        int[] kept = MissingEntries.KeptRows(table, encoding.Missing);
        int[] rows = examples is null ? kept : [.. examples.Select(example => kept[example])];
        return [.. columns.Index().Where(column => column.Item.Categories is not null)
            .SelectMany(column => UnknownIn(column.Item, table.TargetCount + column.Index, rows))];
    }

    private IEnumerable<UnknownCategory> UnknownIn(InputColumn column, int place, int[] rows)
    {
        var known = column.Categories!.ToHashSet(StringComparer.Ordinal);
        return Present(table, place, rows).CountBy(text => (int)text)
            .Select(each => new UnknownCategory(column.Name, table.Columns[place].Texts![each.Key], each.Value))
            .Where(each => !known.Contains(each.Category)).OrderByDescending(each => each.Examples);
    }

    private InputColumn LearnFrom(InputColumn column, int place, int[] rows)
    {
        if (column is { Categories: null, Median: null })
            return column;
        double[] present = Present(table, place, rows);
        if (present.Length == 0)
            throw new DataException($"{table.Path}: column {Quoted.Of(column.Name)} has no value in any example of the training part. "
                + $"Leave it out with --ignore-columns {Quoted.Name(column.Name)}.");
        return column.Categories is null
            ? column with { Median = Median(present) }
            : column with { Categories = Categories(table.Columns[place], present) };
    }

    private static int SizeOf(RawTable table, InputColumn[] columns, int? imageWidth)
    {
        int inputs = columns.Sum(column => column.Size);
        if (inputs == 0)
            throw new DataException($"{table.Path}: no input column has a value in any row.");
        return imageWidth is not { } width || width >= 1 && inputs % width == 0
            ? inputs
            : throw new ConfigurationException($"{table.Path}: {inputs} inputs do not make a picture of width {width}.");
    }

    private static double[] Present(RawTable table, int place, int[] rows) =>
        [.. rows.Select(row => table[row, place]).Where(double.IsFinite)];

    private static string[] Categories(RawColumn column, double[] present) =>
        [.. present.Distinct().Select(text => column.Texts![(int)text]).Order(StringComparer.Ordinal)];

    private static InputColumn LearnColumn(RawTable table, int place, int[] rows, TableOptions options)
    {
        var column = table.Columns[place];
        double[] present = Present(table, place, rows);
        if (column.Texts is null)
        {
            if (present.Length == 0)
                throw new DataException($"{table.Path}: column {Quoted.Of(column.Name)} has no value in any row. Leave it out with "
                    + $"--ignore-columns {Quoted.Name(column.Name)}.");
            InputColumnChecks.Require(table, place, null, isChosen: options.InputColumns is not null);
            return new(column.Name, null, options.Missing == MissingValues.Impute ? Median(present) : null);
        }
        string[] categories = Categories(column, present);
        InputColumnChecks.Require(table, place, categories, column.IsChosenCategory || options.InputColumns is not null);
        return new(column.Name, categories, null);
    }

    private static IReadOnlyList<string>? LearnClasses(RawTable table, int[] rows, TableOptions options)
    {
        if (options.Task == LearningTask.Regression || table.TargetCount != 1 || table.Columns[0].Texts is not { } texts)
            return null;
        string[] present = [.. rows.Select(row => (int)table[row, 0]).Distinct().Order().Select(text => texts[text])];
        var labels = new ClassLabels(table.Path, present, rows.Length);
        return options.Task is null && labels.AreMeasurements ? null : labels.Names();
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
    }

    private Table Inputs<T>(int[] rows) where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double count = (double)rows.Length * encoding.InputSize;
        MemoryLimit.Require(count * Unsafe.SizeOf<T>(), $"{table.Path}: {rows.Length} examples of {encoding.InputSize} inputs",
            "Use fewer examples, or fewer categories.");
        if (count > Array.MaxLength)
            throw new DataException($"{table.Path}: {rows.Length} examples of {encoding.InputSize} inputs are more than a table can hold.");
        var inputs = new T[rows.Length * encoding.InputSize];
        int start = 0;
        for (int column = 0; column < columns.Count; column++)
        {
            if (columns[column].Categories is null)
                WriteNumbers(rows, column, inputs.AsSpan(start));
            else
                WriteCategories(rows, column, inputs.AsSpan(start));
            start += columns[column].Size;
        }
        return inputs is float[] single ? new Table(single, encoding.InputSize, "input")
            : new Table((double[])(object)inputs, encoding.InputSize, "input");
    }

    private void WriteNumbers<T>(int[] rows, int column, Span<T> inputs) where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double median = columns[column].Median ?? double.NaN;
        for (int example = 0; example < rows.Length; example++)
        {
            double value = table[rows[example], table.TargetCount + column];
            inputs[example * encoding.InputSize] = T.CreateTruncating(double.IsNaN(value) ? median : value);
        }
    }

    private void WriteCategories<T>(int[] rows, int column, Span<T> inputs) where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var known = columns[column].Categories!.Index().ToDictionary(each => each.Item, each => each.Index, StringComparer.Ordinal);
        var source = table.Columns[table.TargetCount + column];
        for (int example = 0; example < rows.Length; example++)
        {
            double text = table[rows[example], table.TargetCount + column];
            if (double.IsNaN(text))
                continue;
            if (known.TryGetValue(source.Texts![(int)text], out int category))
                inputs[example * encoding.InputSize + category] = T.One;
            else if (encoding.UnknownCategories == UnknownCategories.Refuse)
                throw Unknown(source, (int)text, columns[column].Categories!);
        }
    }

    private DataException Unknown(RawColumn column, int text, IReadOnlyList<string> categories) => new(
        $"{table.PlaceOf(column.FirstRows[text])}: column {Quoted.Of(column.Name)} holds {Quoted.Of(column.Texts![text])}, which no "
            + $"training example has; those have {Quoted.List([.. categories])}. Correct it, leave such rows out, train with examples that "
            + "have it, or write --unknown-categories zero, which makes all inputs of the column 0 there.");

    private Table Targets(int[] rows)
    {
        if (table.TargetCount != encoding.TargetColumns.Count)
            throw new DataException($"{table.Path}: the table has {table.TargetCount} target columns, and "
                + $"{encoding.TargetColumns.Count} were learned.");
        if (encoding.ClassNames is { } names)
        {
            if (table.Columns[0].Texts is null)
                throw new DataException($"{table.Path}: the target column holds numbers to be met, and classes were learned.");
            var places = Labels(rows).Places(names);
            return ClassNumbers.OneHot([.. rows.Select(row => (double)places[(int)table[row, 0]])], names.Count, table.Path);
        }
        double[][] byText = [.. table.Columns.Take(table.TargetCount).Select(column => column.Texts is null ? [] : Labels(rows).Numbers())];
        int width = table.TargetCount;
        double[] values = [.. rows.SelectMany(row => Enumerable.Range(0, width).Select(column =>
            table.Columns[column].Texts is null ? table[row, column] : byText[column][(int)table[row, column]]))];
        return encoding.DoublePrecision ? new Table(values, width, "target")
            : new Table(Array.ConvertAll(values, value => (float)value), width, "target");
    }

    private ClassLabels Labels(int[] rows) => new(table.Path, table.Columns[0].Texts ?? [], rows.Length);
}
