using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Which data to use, and how to read it.</summary>
internal sealed class DataOptions
{
    private const int DefaultDigits = 10_000;

    private readonly ColumnOptions columns = new();
    private readonly CsvFormatOptions csv = new();
    private readonly ImageOptions pictures = new();

    private Argument<string?>? inputs;

    private readonly Option<string> data = new("--data")
    {
        Description = "digits (generated, no download), a folder of IDX files (MNIST), a folder of pictures in a folder for each class, or "
            + "a CSV, Parquet or NPZ file",
        DefaultValueFactory = _ => "digits",
    };

    private readonly Option<string?> validationData = new("--validation-data")
    {
        Description = "what guides, from a source of its own, of the same kind; --data is then for training alone",
    };

    private readonly Option<string?> testData = new("--test-data")
    {
        Description = "what judges, from a source of its own, of the same kind",
    };

    private readonly Option<string?> images = new("--images")
    {
        Description = "an IDX file of images, plain or gzip, or an NPY file of inputs; with --labels",
    };

    private readonly Option<string?> labels = new("--labels")
    {
        Description = "an IDX file of labels, plain or gzip, or an NPY file of labels; with --images",
    };

    private readonly Option<string?> prefix = new("--prefix") { Description = "which pair of IDX files of a folder: train, t10k" };
    private readonly Option<int?> examples = new("--examples")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "how many examples to use; by default all, or 10000 digits",
    };

    private readonly Option<ulong> dataSeed = new("--data-seed")
    {
        CustomParser = StrictNumber.Whole<ulong>,
        Description = "the seed of generated digits and of the split",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>The seed of generated digits and of the split.</summary>
    public ulong Seed(ParseResult parsed) => parsed.GetValue(dataSeed);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { data, validationData, testData, images, labels, prefix, examples, dataSeed })
            command.Options.Add(option);
        columns.AddTo(command);
        csv.AddTo(command);
        pictures.AddTo(command);
    }

    /// <summary>Adds to a command an argument that says the same as --data.</summary>
    public void AddInputsTo(Command command) => command.Arguments.Add(inputs = new("inputs")
    {
        Description = "the file or folder to read, in place of --data; an NPY file of inputs alone will do",
        Arity = ArgumentArity.ZeroOrOne,
    });

    /// <summary>Reads the data.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="known">The encoding to read it by; null to learn it from the data.</param>
    /// <returns>The examples, what to call them, and what was learned in preparing them.</returns>
    /// <exception cref="UsageException">Options that do not go together, or ask for other columns than the encoding has.</exception>
    /// <exception cref="DataException">Bad data.</exception>
    public LoadedData Read(ParseResult parsed, DataEncoding? known = null)
    {
        known = columns.Adapt(parsed, known);
        var source = Source(parsed);
        var (examples, first, name) = ReadExamples(parsed, source, known);
        var (validation, test) = (Open(validationData), Open(testData));
        bool isLearned = known is null && first.Columns?.Any(column => column is not { Categories: null, Median: null }) == true;
        return Loaded(first) with
        {
            LearnedFrom = isLearned ? chosen => Loaded(first.LearnedFrom(examples.Table!, chosen)) : null,
        };

        OpenSource? Open(Option<string?> option) =>
            parsed.GetValue(option) is { } path ? source.Open(option.Name, path, first) : null;

        LoadedData Loaded(DataEncoding encoding) => new(Take(examples.Encode(encoding), Count(parsed), name), name)
        {
            Encoding = encoding,
            UnknownIn = chosen => examples.UnknownBy(encoding, chosen),
            Validation = validation?.Encode(encoding),
            UnknownInValidation = validation?.UnknownBy(encoding) ?? [],
            Test = test?.Encode(encoding),
            UnknownInTest = test?.UnknownBy(encoding) ?? [],
        };
    }

    private (OpenSource Source, DataEncoding Encoding, string Name) ReadExamples(
        ParseResult parsed, DataSource source, DataEncoding? known)
    {
        string path = PathOf(parsed);
        if (ReadPair(parsed) is var (pair, name))
            return (new(known?.Conform(pair) ?? pair), known ?? DataEncoding.Of(pair), name);
        if (path == "digits")
        {
            var digits = Digits.Generate(Count(parsed) ?? DefaultDigits, Seed(parsed));
            return (new(known?.Conform(digits) ?? digits), known ?? DataEncoding.Of(digits), $"generated digits, seed {Seed(parsed)}");
        }
        if (known is not null)
            return (source.Open("--data", path, known, isForTraining: true), known, path);
        var (learned, encoding) = source.Learn("--data", path);
        return (learned, encoding, path);
    }

    /// <summary>Reads examples with their targets as a model has learned to see them.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="encoding">What was learned in preparing the model's training data; null where nothing is known of it.</param>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="DataException">Bad data, or data of another kind.</exception>
    public (Dataset Data, string Name, IReadOnlyList<UnknownCategory> Unknown) ReadBy(ParseResult parsed, DataEncoding? encoding)
    {
        string path = PathOf(parsed);
        encoding = columns.Adapt(parsed, encoding);
        if (encoding is null)
            return (Read(parsed).Data, path, []);
        if (parsed.GetValue(images) is not null || path == "digits")
        {
            var (data, name) = Read(parsed, encoding);
            return (data, name, []);
        }
        var source = Source(parsed).Open("--data", path, encoding);
        var examples = Take(source.Encode(encoding), Count(parsed), path);
        return (examples, path, source.UnknownBy(encoding, [.. Enumerable.Range(0, examples.Count)]));
    }

    /// <summary>Reads what is to be predicted as a model has learned to see it; targets may be missing.</summary>
    /// <inheritdoc cref="ReadBy"/>
    public (Table Inputs, IReadOnlyList<UnknownCategory> Unknown) ReadInputs(ParseResult parsed, DataEncoding? encoding)
    {
        string path = PathOf(parsed);
        bool arePictures = encoding is not null && ImageFolderReader.IsWithoutClasses(path);
        if (parsed.GetValue(images) is not null || path == "digits" || !File.Exists(path) && !arePictures)
            return Labelled();
        if (arePictures)
            return (Take(ImageFolderReader.ReadWithoutClasses(path, encoding!), Count(parsed), path), []);
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return (Take(NumpyReader.ReadInputs(path), Count(parsed), path), []);
        if (UnlabelledImages.AreIn(path))
            return (Take(UnlabelledImages.Read(path), Count(parsed), path), []);
        if (Source(parsed).ReadInputs("--data", path, encoding = columns.Adapt(parsed, encoding)) is not var (all, table))
            return Labelled();
        var inputs = Take(all, Count(parsed), path);
        return (inputs, encoding!.UnknownIn(table, [.. Enumerable.Range(0, inputs.Rows)]));

        (Table, IReadOnlyList<UnknownCategory>) Labelled()
        {
            var (examples, _, unknown) = ReadBy(parsed, encoding);
            return (examples.Inputs, unknown);
        }
    }

    /// <summary>Refuses a command that names no data.</summary>
    /// <exception cref="UsageException">None is named.</exception>
    public void RequireGiven(ParseResult parsed)
    {
        if (parsed.GetValue(images) is null && Argument(parsed) is null && parsed.GetResult(data) is not { Implicit: false })
            throw new UsageException("Name the data with --data: a file, a folder, or digits.");
    }

    private string PathOf(ParseResult parsed)
    {
        if (Argument(parsed) is not { } path)
            return parsed.GetValue(data)!;
        return parsed.GetValue(images) is null && parsed.GetResult(data) is not { Implicit: false }
            ? path
            : throw new UsageException($"{Quoted.Path(path)} is named beside --data or --images; name the data once.");
    }

    private string? Argument(ParseResult parsed) => inputs is null ? null : parsed.GetValue(inputs);

    private DataSource Source(ParseResult parsed) =>
        new(csv.Read(parsed, columns.Read(parsed)), pictures.Read(parsed), parsed.GetValue(prefix));

    private int? Count(ParseResult parsed) => parsed.GetValue(examples) is { } count && count < 1
        ? throw new UsageException($"--examples {count}: use at least 1.")
        : parsed.GetValue(examples);

    private (Dataset Data, string Name)? ReadPair(ParseResult parsed)
    {
        var (imagesPath, labelsPath) = (parsed.GetValue(images), parsed.GetValue(labels));
        if (imagesPath is null && labelsPath is null)
            return null;
        if (imagesPath is null || labelsPath is null)
            throw new UsageException("--images and --labels go together; give both.");
        bool areArrays = imagesPath.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
        return (areArrays ? NumpyReader.Read(imagesPath, labelsPath) : IdxReader.Read(imagesPath, labelsPath), imagesPath);
    }

    private static Dataset Take(Dataset data, int? count, string source)
    {
        if (count is not { } wanted || wanted == data.Count)
            return data;
        if (wanted > data.Count)
            throw new DataException($"--examples {wanted}: {Quoted.Path(source)} has only {data.Count}.");
        return data.Select([.. Enumerable.Range(0, wanted)]);
    }

    private static Table Take(Table inputs, int? count, string source) => count is not { } wanted || wanted == inputs.Rows ? inputs
        : wanted < inputs.Rows ? inputs.Select([.. Enumerable.Range(0, wanted)])
        : throw new DataException($"--examples {wanted}: {Quoted.Path(source)} has only {inputs.Rows}.");
}
