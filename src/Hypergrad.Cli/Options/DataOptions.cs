using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Which data to use, and how to read it.</summary>
internal sealed class DataOptions
{
    private const int DefaultDigits = 10_000;

    private readonly Option<string> data = new("--data")
    {
        Description = "digits (generated, no download), a folder of IDX files (MNIST), or a CSV file",
        DefaultValueFactory = _ => "digits",
    };

    private readonly Option<string?> images = new("--images") { Description = "an IDX file of images, plain or gzip; with --labels" };
    private readonly Option<string?> labels = new("--labels") { Description = "an IDX file of labels, plain or gzip; with --images" };
    private readonly Option<string?> prefix = new("--prefix") { Description = "which pair of IDX files of a folder: train, t10k" };
    private readonly Option<int?> examples = new("--examples")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "how many examples to use; by default all, or 10000 digits",
    };

    private readonly Option<string> labelColumn = new("--label-column")
    {
        Description = "the CSV column of the label, by name or number from 0 (negative from the end); several, "
            + "joined by commas, in a regression",
        DefaultValueFactory = _ => "-1",
    };

    private readonly Option<string> header = new("--header")
    {
        Description = "whether a CSV file has a header: auto, yes, no",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> delimiter = new("--delimiter")
    {
        Description = "the CSV delimiter: comma, semicolon, tab; by default detected",
    };

    private readonly Option<string> task = new("--task")
    {
        Description = "what a CSV file's label is: classification, regression, or auto: numbers that do not look like the codes of classes "
            + "are a regression",
        DefaultValueFactory = _ => "auto",
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
        foreach (var option in new Option[] { data, images, labels, prefix, examples, labelColumn, header, delimiter, task, dataSeed })
            command.Options.Add(option);
    }

    /// <summary>Reads the data.</summary>
    /// <returns>The examples, and what to call them.</returns>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="DataException">Bad data.</exception>
    public (Dataset Data, string Name) Read(ParseResult parsed)
    {
        string source = parsed.GetValue(data)!;
        int? count = parsed.GetValue(examples);
        if (count < 1)
            throw new UsageException($"--examples {count}: use at least 1.");
        if ((parsed.GetValue(images), parsed.GetValue(labels)) is var (imagesPath, labelsPath) && (imagesPath ?? labelsPath) is not null)
        {
            if (imagesPath is null || labelsPath is null)
                throw new UsageException("--images and --labels go together; give both.");
            return (Take(IdxReader.Read(imagesPath, labelsPath), count, imagesPath), imagesPath);
        }
        if (source == "digits")
            return (Digits.Generate(count ?? DefaultDigits, Seed(parsed)), $"generated digits, seed {Seed(parsed)}");
        if (Directory.Exists(source))
            return (Take(IdxReader.ReadDirectory(source, parsed.GetValue(prefix)), count, source), source);
        if (!File.Exists(source))
            throw new DataException(
                $"--data {Quoted.Path(source)}: there is no such file or folder. Give digits, a folder of IDX files, or a CSV file.");
        return (Take(CsvReader.Read(source, Csv(parsed)), count, source), source);
    }

    /// <summary>Reads what is to be predicted: the same data, whose targets may be missing.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="network">The network that is to see it.</param>
    /// <exception cref="UsageException">No data is named, or options that do not go together.</exception>
    /// <exception cref="DataException">Bad data.</exception>
    public Table ReadInputs(ParseResult parsed, Network network)
    {
        string source = parsed.GetValue(data)!;
        bool isFile = parsed.GetValue(images) is null && source != "digits" && !Directory.Exists(source) && File.Exists(source);
        if (!isFile)
            return Read(parsed).Data.Inputs;
        var inputs = PredictionInputs.Read(source, network, Csv(parsed));
        if (parsed.GetValue(examples) is not { } count || count == inputs.Rows)
            return inputs;
        return count is >= 1 && count < inputs.Rows
            ? inputs.Select([.. Enumerable.Range(0, count)])
            : throw new UsageException($"--examples {count}: use 1 to {inputs.Rows}, the examples that there are.");
    }

    /// <summary>Refuses a command that names no data.</summary>
    /// <exception cref="UsageException">None is named.</exception>
    public void RequireGiven(ParseResult parsed)
    {
        if (parsed.GetValue(images) is null && parsed.GetResult(data) is not { Implicit: false })
            throw new UsageException("Name the data with --data: a CSV file, a folder of IDX files, or digits.");
    }

    private CsvOptions Csv(ParseResult parsed) => new()
    {
        HasHeader = Choice.Of(
            "--header", parsed.GetValue(header)!, new Dictionary<string, bool?> { ["auto"] = null, ["yes"] = true, ["no"] = false }),
        TargetColumns = parsed.GetValue(labelColumn)!.Split(','),
        Task = Choice.Of("--task", parsed.GetValue(task)!, new Dictionary<string, LearningTask?>
        {
            ["auto"] = null,
            ["classification"] = LearningTask.Classification,
            ["regression"] = LearningTask.Regression,
        }),
        Delimiter = parsed.GetValue(delimiter) is { } name
            ? Choice.Of("--delimiter", name, new Dictionary<string, char> { ["comma"] = ',', ["semicolon"] = ';', ["tab"] = '\t' })
            : null,
    };

    private static Dataset Take(Dataset data, int? count, string source)
    {
        if (count is not { } wanted || wanted == data.Count)
            return data;
        if (wanted > data.Count)
            throw new DataException($"--examples {wanted}: {Quoted.Path(source)} has only {data.Count}.");
        return data.Select([.. Enumerable.Range(0, wanted)]);
    }
}
