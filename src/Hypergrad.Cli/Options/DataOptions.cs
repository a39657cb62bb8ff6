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
    /// <returns>The examples, what to call them, and what was learned in preparing them.</returns>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="DataException">Bad data.</exception>
    public LoadedData Read(ParseResult parsed)
    {
        var source = Source(parsed);
        var (examples, encoding, name, relearn) = ReadExamples(parsed, source);
        var (validation, test) = (Open(validationData), Open(testData));
        var loaded = Loaded(examples, encoding);
        return relearn is null ? loaded : loaded with
        {
            LearnedFrom = chosen =>
            {
                var (again, learned) = relearn(chosen);
                return Loaded(Take(again, Count(parsed), name), learned);
            },
        };

        Func<DataEncoding, Dataset>? Open(Option<string?> option) =>
            parsed.GetValue(option) is { } path ? source.Open(option.Name, path, encoding) : null;

        LoadedData Loaded(Dataset data, DataEncoding learned) =>
            new(data, name) { Encoding = learned, Validation = validation?.Invoke(learned), Test = test?.Invoke(learned) };
    }

    private (Dataset Data, DataEncoding Encoding, string Name, Func<IReadOnlyList<int>, (Dataset, DataEncoding)>? Relearn) ReadExamples(
        ParseResult parsed, DataSource source)
    {
        string path = PathOf(parsed);
        int? count = Count(parsed);
        if (ReadPair(parsed) is var (pair, name))
            return (Take(pair, count, name), DataEncoding.Of(pair), name, null);
        if (path == "digits")
        {
            var digits = Digits.Generate(count ?? DefaultDigits, Seed(parsed));
            return (digits, DataEncoding.Of(digits), $"generated digits, seed {Seed(parsed)}", null);
        }
        var (all, encoding, relearn) = source.Learn("--data", path);
        return (Take(all, count, path), encoding, path, relearn);
    }

    /// <summary>Reads examples with their targets as a model has learned to see them.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="encoding">What was learned in preparing the model's training data; null where nothing is known of it.</param>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="DataException">Bad data, or data of another kind.</exception>
    public (Dataset Data, string Name) ReadBy(ParseResult parsed, DataEncoding? encoding)
    {
        string path = PathOf(parsed);
        encoding = columns.Adapt(parsed, encoding);
        if (encoding is null)
            return (Read(parsed).Data, path);
        if (parsed.GetValue(images) is null && path != "digits")
            return (Take(Source(parsed).Read("--data", path, encoding), Count(parsed), path), path);
        var (examples, name) = Read(parsed);
        return (encoding.Conform(examples), name);
    }

    /// <summary>Reads what is to be predicted as a model has learned to see it; targets may be missing.</summary>
    /// <inheritdoc cref="ReadBy"/>
    public Table ReadInputs(ParseResult parsed, DataEncoding? encoding)
    {
        string path = PathOf(parsed);
        bool arePictures = encoding is not null && ImageFolderReader.IsWithoutClasses(path);
        if (parsed.GetValue(images) is not null || path == "digits" || !File.Exists(path) && !arePictures)
            return ReadBy(parsed, encoding).Data.Inputs;
        var found = arePictures ? ImageFolderReader.ReadWithoutClasses(path, encoding!)
            : path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? NumpyReader.ReadInputs(path)
            : UnlabelledImages.AreIn(path) ? UnlabelledImages.Read(path)
            : Source(parsed).ReadInputs("--data", path, columns.Adapt(parsed, encoding));
        if (found is null)
            return ReadBy(parsed, encoding).Data.Inputs;
        if (Count(parsed) is not { } count || count == found.Rows)
            return found;
        return count < found.Rows
            ? found.Select([.. Enumerable.Range(0, count)])
            : throw new DataException($"--examples {count}: {Quoted.Path(path)} has only {found.Rows}.");
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
}
