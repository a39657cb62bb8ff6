using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>How data is cut into training, validation and test parts, and normalised.</summary>
internal sealed class SplitOptions
{
    private readonly Option<string> split = new("--split")
    {
        Description = "the parts for training, validation (guides) and test (judges): fractions, or numbers of examples",
        DefaultValueFactory = _ => "0.5,0.25,0.25",
    };

    private readonly Option<string?> normalize = new("--normalize")
    {
        Description = "none, unit-range, standardize, center, fitted on the training part; "
            + "by default none for images, standardize otherwise",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(split);
        command.Options.Add(normalize);
    }

    /// <summary>Cuts and normalises.</summary>
    public (DataSplit Parts, Normalization Normalization) Apply(ParseResult parsed, Dataset data, ulong seed)
    {
        var raw = Cut(parsed.GetValue(split)!, data, seed);
        var mode = parsed.GetValue(normalize) is { } name
            ? Choice.Of("--normalize", name, Choice.Names<NormalizationMode>())
            : data.ImageWidth is null ? NormalizationMode.Standardize : NormalizationMode.None;
        var normalization = Normalization.Fit(raw.Train, mode);
        return (new(normalization.Apply(raw.Train), normalization.Apply(raw.Validation),
            raw.Test is null ? null : normalization.Apply(raw.Test)), normalization);
    }

    private static DataSplit Cut(string text, Dataset data, ulong seed)
    {
        string[] parts = text.Split(',');
        var numbers = new double[3];
        if (parts.Length is not (2 or 3))
            throw new UsageException(
                $"--split {Quoted.Name(text)}: give two or three numbers joined by commas, such as 0.5,0.25,0.25 or 5000,2500,2500.");
        for (int i = 0; i < parts.Length; i++)
            if (!NumberText.TryReal(parts[i], out numbers[i]))
                throw new UsageException(
                    $"--split {Quoted.Name(text)}: {Quoted.Of(parts[i])} is not a number. Write 0.5,0.25,0.25 or 5000,2500,2500.");
        bool counts = numbers.All(number => number == Math.Floor(number) && number <= int.MaxValue) && numbers[0] >= 1 && numbers[1] >= 1;
        return counts
            ? data.Split((int)numbers[0], (int)numbers[1], (int)numbers[2], seed)
            : data.Split(numbers[0], numbers[1], numbers[2], seed);
    }
}
