using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>How data is cut into training, validation and test parts, and normalised.</summary>
internal sealed class SplitOptions
{
    private const string DefaultSplit = "0.5,0.25,0.25", DefaultSplitBesideATest = "0.75,0.25";

    private readonly Option<string?> split = new("--split")
    {
        Description = "the parts for training, validation (guides) and test (judges): fractions, or numbers of examples; by default "
            + $"{DefaultSplit}, or {DefaultSplitBesideATest} beside --test-data",
    };

    private readonly Option<bool> stratify = new("--stratify")
    {
        Description = "give each part of --split its share of every class",
    };

    private readonly Option<string?> normalize = new("--normalize")
    {
        Description = $"{string.Join(", ", NormalizationNames.All.Keys)}, fitted on the training part; "
            + "by default none for images, standardize otherwise",
        CompletionSources = { NormalizationNames.All.Keys.ToArray() },
    };

    private readonly Option<string?> normalizeTargets = new("--normalize-targets")
    {
        Description = "the same of a regression's targets, by default standardize; undone in all that is shown",
        CompletionSources = { NormalizationNames.All.Keys.ToArray() },
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(split);
        command.Options.Add(stratify);
        command.Options.Add(normalize);
        command.Options.Add(normalizeTargets);
    }

    /// <summary>What was asked to be fitted, whatever a model has of it; null for nothing.</summary>
    public string? Fits(ParseResult parsed) => (parsed.GetValue(normalize), parsed.GetValue(normalizeTargets)) switch
    {
        (null, null) => null,
        (null, _) => "the normalisation of targets",
        (_, null) => "the normalisation of inputs",
        _ => "the normalisations",
    };

    /// <summary>Cuts and normalises.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="loaded">The data, in one source or in several.</param>
    /// <param name="isRegression">Whether the targets are numbers to be met, as the squared loss does.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="known">A model whose normalisation is taken where no other one is asked for; null to fit it.</param>
    /// <returns>The parts, and what was learned from the training part.</returns>
    public PreparedData Apply(
        ParseResult parsed, LoadedData loaded, bool isRegression, ulong seed, TrainedModel? known = null)
    {
        var numbers = Numbers(parsed, loaded, seed);
        loaded = loaded.LearnedFrom?.Invoke(NumbersOf(numbers.Train)) ?? loaded;
        var (data, raw) = (loaded.Data, Parts(parsed, loaded, seed));
        var mode = parsed.GetValue(normalize) is { } name
            ? Choice.Of("--normalize", name, NormalizationNames.All)
            : data.ImageWidth is null && known is null ? NormalizationMode.Standardize : NormalizationMode.None;
        var normalization = parsed.GetValue(normalize) is null && known?.InputNormalization is { } fitted ? fitted
            : Normalization.Fit(raw.Train, mode);
        return new(Map(NormalizeTargets(parsed, raw, isRegression, known), normalization.Apply), normalization, loaded.Encoding,
        [
            ("training", loaded.UnknownIn(NumbersOf(numbers.Train))),
            ("validation", loaded.Validation is null ? loaded.UnknownIn(NumbersOf(numbers.Validation)) : loaded.UnknownInValidation),
            ("test", loaded.Test is not null ? loaded.UnknownInTest : numbers.Test is { } cut ? loaded.UnknownIn(NumbersOf(cut)) : []),
        ]);
    }

    // Which examples are of which part is known once they are cut: so their numbers are cut first, as they will be.
    private DataSplit Numbers(ParseResult parsed, LoadedData loaded, ulong seed)
    {
        var data = loaded.Data;
        double[] places = [.. Enumerable.Range(0, data.Count).Select(example => (double)example)];
        var numbers = new Dataset(new Table(places, 1, "example"), data.Targets) { ClassNames = data.ClassNames };
        return Parts(parsed, loaded with { Data = numbers }, seed);
    }

    private static int[] NumbersOf(Dataset part) => [.. Enumerable.Range(0, part.Count).Select(place => (int)part.Inputs[place, 0])];

    private DataSplit NormalizeTargets(ParseResult parsed, DataSplit parts, bool isRegression, TrainedModel? known)
    {
        string? name = parsed.GetValue(normalizeTargets);
        if (!isRegression)
            return name is null ? parts : throw new UsageException("--normalize-targets belongs to a "
                + "regression: targets that are numbers, with the squared loss. Leave --normalize-targets out.");
        if (name is null && known is not null)
            return known.TargetNormalization is { } fitted ? Map(parts, fitted.ApplyToTargets) : parts;
        var mode = name is null
            ? NormalizationMode.Standardize
            : Choice.Of("--normalize-targets", name, NormalizationNames.All);
        return mode == NormalizationMode.None ? parts : Map(parts, Normalization.FitTargets(parts.Train, mode).ApplyToTargets);
    }

    private static DataSplit Map(DataSplit parts, Func<Dataset, Dataset> map) =>
        new(map(parts.Train), map(parts.Validation), parts.Test is null ? null : map(parts.Test));

    private DataSplit Parts(ParseResult parsed, LoadedData loaded, ulong seed)
    {
        string? asked = parsed.GetValue(split);
        if (loaded.Validation is { } validation)
            return asked is null && !parsed.GetValue(stratify)
                ? new(loaded.Data, validation, loaded.Test)
                : throw new UsageException("--split and --stratify cut what --validation-data gives apart; leave one of them out.");
        string text = asked ?? (loaded.Test is null ? DefaultSplit : DefaultSplitBesideATest);
        var cut = Cut(text, loaded.Data, parsed.GetValue(stratify), seed);
        if (loaded.Test is null)
            return cut;
        return cut.Test is null ? cut with { Test = loaded.Test } : throw new UsageException(
            $"--split {Quoted.Name(asked!)}: it has a test part, and --test-data gives another; give two numbers, such as "
                + $"{DefaultSplitBesideATest}.");
    }

    private static DataSplit Cut(string text, Dataset data, bool stratified, ulong seed)
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
        if (stratified)
            return counts
                ? throw new UsageException("--stratify cuts by fractions; write --split as fractions, such as 0.5,0.25,0.25.")
                : Split.Stratified(data, numbers[0], numbers[1], numbers[2], seed);
        return counts
            ? data.Split((int)numbers[0], (int)numbers[1], (int)numbers[2], seed)
            : data.Split(numbers[0], numbers[1], numbers[2], seed);
    }
}
