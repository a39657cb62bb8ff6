namespace Hypergrad.Data;

/// <summary>
/// All that preparing data learned from it, so that new data is prepared in the same way: which columns become inputs, the categories of
/// each, what stands in for missing numbers, the names of the classes, the form of pictures, and the normalisation. It is saved with a
/// model, as JSON, and loaded with it.
/// </summary>
public sealed record DataEncoding
{
    /// <summary>The columns of a table that become inputs, in order; null where examples are pictures or arrays.</summary>
    public IReadOnlyList<InputColumn>? Columns { get; init; }

    /// <summary>The names of the target columns; empty where there are none.</summary>
    public IReadOnlyList<string> TargetColumns { get; init; } = [];

    /// <summary>The names of the classes, in the order of the targets; null in a regression.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>How many numbers an example's input has.</summary>
    public required int InputSize { get; init; }

    /// <summary>The width of a picture, in pixels, when an input is one; else null.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>The channels of a pixel: 1 for grey, 3 for colours.</summary>
    public int ImageChannels { get; init; } = 1;

    /// <summary>The height of a picture, in pixels, when an input is one; else null.</summary>
    public int? ImageHeight => ImageWidth is { } width ? InputSize / (width * ImageChannels) : null;

    /// <summary>What is done about missing entries.</summary>
    public MissingValues Missing { get; init; }

    /// <summary>What is done about a category that was not learned.</summary>
    public UnknownCategories UnknownCategories { get; init; }

    /// <summary>Whether inputs are kept in double precision.</summary>
    public bool DoublePrecision { get; init; }

    /// <summary>How the inputs are normalised, fitted on the training part; null where they are not yet.</summary>
    public Normalization? InputNormalization { get; init; }

    /// <summary>How the targets of a regression are normalised; null where they stay as they are.</summary>
    public Normalization? TargetNormalization { get; init; }

    /// <summary>The names of the inputs of a table: a column's, or <c>column=category</c>; null for pictures and arrays.</summary>
    public IReadOnlyList<string>? InputNames => Columns is null ? null : [.. Columns.SelectMany(column => column.InputNames)];

    /// <summary>Learns from a table which columns become which inputs and targets.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">What it was read with.</param>
    /// <exception cref="DataException">Something is missing, or a column is nothing to learn from; the message says which, and what to
    /// do.</exception>
    /// <exception cref="ConfigurationException">The inputs do not make a picture of the width asked for.</exception>
    public static DataEncoding Learn(RawTable table, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return TableEncoder.Learn(table, options ?? new TableOptions());
    }

    /// <summary>
    /// This encoding with the categories and medians of some examples alone, as those of the training part, so that nothing of the inputs
    /// of the others is learned. The classes stay: they are what is asked, and not what is learned.
    /// </summary>
    /// <param name="table">The table that the encoding was learned from.</param>
    /// <param name="examples">The numbers of the examples, in the order in which <see cref="Encode"/> has them.</param>
    /// <exception cref="DataException">None of them has a value in some column.</exception>
    /// <exception cref="ConfigurationException">The inputs no longer make a picture of the encoding's width.</exception>
    public DataEncoding LearnedFrom(RawTable table, IReadOnlyList<int> examples)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(examples);
        return new TableEncoder(this, table).LearnFrom(examples);
    }

    /// <summary>
    /// The categories of a table that were not learned, column by column, those of most examples first. What is done about them in
    /// encoding is <see cref="UnknownCategories"/>.
    /// </summary>
    /// <param name="table">A table with this encoding's columns.</param>
    /// <param name="examples">The numbers of the examples to look at, as <see cref="Encode"/> has them; null for all.</param>
    /// <exception cref="DataException">An entry that is missing, or other columns.</exception>
    public IReadOnlyList<UnknownCategory> UnknownIn(RawTable table, IReadOnlyList<int>? examples = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new TableEncoder(this, table).UnknownIn(examples);
    }

    /// <summary>What a dataset that is no table has: its form and its classes.</summary>
    public static DataEncoding Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new()
        {
            InputSize = data.InputSize,
            ClassNames = data.ClassNames,
            ImageWidth = data.ImageWidth,
            ImageChannels = data.ImageChannels,
            DoublePrecision = data.Inputs.IsDouble,
        };
    }

    /// <summary>The examples of a table as they are encoded before they are normalised.</summary>
    /// <param name="table">A table with this encoding's columns and targets.</param>
    /// <exception cref="DataException">A category or a class that was not learned, an entry that is missing, or other columns.</exception>
    public Dataset Encode(RawTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new TableEncoder(this, table).Encode();
    }

    /// <summary>The inputs of a table as they are encoded, and normalised where a normalisation is known; targets are not looked
    /// at. No row is dropped: there is one row of inputs for each of the table.</summary>
    /// <inheritdoc cref="Encode"/>
    public Table ApplyToInputs(RawTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var inputs = new TableEncoder(this, table).EncodeInputs();
        return InputNormalization?.Apply(inputs) ?? inputs;
    }

    /// <summary>The examples of a table, encoded and normalised.</summary>
    /// <inheritdoc cref="Encode"/>
    public Dataset Apply(RawTable table) => Normalize(Encode(table));

    /// <summary>The examples of a dataset that is no table, in this encoding's classes, normalised.</summary>
    /// <exception cref="DataException">Another input size or form, or a class that was not learned.</exception>
    public Dataset Apply(Dataset data) => Normalize(Conform(data));

    /// <summary>The dataset with this encoding's classes, each of its own having the place of the same name.</summary>
    /// <exception cref="DataException">Another input size or form, or a class that was not learned.</exception>
    public Dataset Conform(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if ((data.InputSize, data.ImageWidth, data.ImageChannels) != (InputSize, ImageWidth, ImageChannels))
            throw new DataException($"These examples are {Form(data.InputSize, data.ImageWidth, data.ImageChannels)}; those that were "
                + $"learned from are {Form(InputSize, ImageWidth, ImageChannels)}.");
        if (data.ClassNames is null != ClassNames is null)
            throw new DataException($"The targets of these examples are {(data.ClassNames is null ? "numbers" : "classes")}; those that "
                + $"were learned from are {(ClassNames is null ? "numbers" : "classes")}.");
        if (data.ClassNames is null || data.ClassNames.SequenceEqual(ClassNames!))
            return data;
        return ClassNumbers.Rename(data, ClassNames!);
    }

    /// <summary>What a file must be read with to have the columns that this encoding knows.</summary>
    internal TableOptions OptionsFor(bool hasTargets) => Columns is null
        ? throw new ConfigurationException("This encoding is of pictures or arrays; a table cannot be encoded by it.")
        : new()
        {
            TargetColumns = hasTargets ? TargetColumns : [],
            InputColumns = [.. Columns.Select(column => column.Name)],
            CategoryColumns = [.. Columns.Where(column => column.Categories is not null).Select(column => column.Name)],
            Task = ClassNames is null ? LearningTask.Regression : LearningTask.Classification,
            Missing = Missing,
            UnknownCategories = UnknownCategories,
            DoublePrecision = DoublePrecision,
            OthersAreNumbers = true,
        };

    /// <summary>The encoding as JSON.</summary>
    public string ToJson() => DataEncodingJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> has written.</summary>
    /// <exception cref="DataException">It is not that; the message names the place.</exception>
    public static DataEncoding FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return DataEncodingJson.Read(json);
    }

    private Dataset Normalize(Dataset data)
    {
        if (InputNormalization is not null)
            data = InputNormalization.Apply(data);
        return TargetNormalization?.ApplyToTargets(data) ?? data;
    }

    private static string Form(int size, int? width, int channels) => width is null ? $"{size} numbers"
        : $"pictures of {width} × {size / (width * channels)} pixels in {(channels == 1 ? "grey" : $"{channels} channels")}";
}
