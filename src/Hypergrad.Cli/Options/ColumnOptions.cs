using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Which columns of a table are what, whatever file it is in.</summary>
internal sealed class ColumnOptions
{
    private readonly Option<string> target = new("--label-column", "--target")
    {
        Description = "the column of the label, by name or number from 0 (negative from the end); several, joined by commas, in a "
            + "regression",
        DefaultValueFactory = _ => "-1",
    };

    private readonly Option<string?> columns = new("--columns")
    {
        Description = "the input columns, joined by commas; by default all others",
    };

    private readonly Option<string?> ignored = new("--ignore-columns")
    {
        Description = "columns to leave alone, joined by commas: numbers of rows, names, dates",
    };

    private readonly Option<string?> categories = new("--categories")
    {
        Description = "input columns that are categories although they hold numbers, joined by commas; text is one by itself",
    };

    private readonly Option<string> task = new("--task")
    {
        Description = "what the label is: classification, regression, or auto: numbers that do not look like the codes of classes "
            + "are a regression",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> missing = new("--missing")
    {
        Description = "what to do about missing entries: refuse, impute (medians for numbers, no category for categories), drop (leave "
            + "such rows out)",
        DefaultValueFactory = _ => "refuse",
        CompletionSources = { Choice.Names<MissingValues>().Keys.ToArray() },
    };

    private readonly Option<string?> unknown = new("--unknown-categories")
    {
        Description = "what to do about a category that no training example has: zero (all inputs of the column are 0, and it is said), "
            + "refuse; by default what the model was trained with, else zero",
        CompletionSources = { Choice.Names<UnknownCategories>().Keys.ToArray() },
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { target, columns, ignored, categories, task, missing, unknown })
            command.Options.Add(option);
    }

    /// <summary>What was asked for.</summary>
    public TableOptions Read(ParseResult parsed) => new()
    {
        TargetColumns = Names(target.Name, parsed.GetValue(target))!,
        InputColumns = Names(columns.Name, parsed.GetValue(columns)),
        IgnoredColumns = Names(ignored.Name, parsed.GetValue(ignored)) ?? [],
        CategoryColumns = Names(categories.Name, parsed.GetValue(categories)) ?? [],
        Task = Choice.Of("--task", parsed.GetValue(task)!, new Dictionary<string, LearningTask?>
        {
            ["auto"] = null,
            ["classification"] = LearningTask.Classification,
            ["regression"] = LearningTask.Regression,
        }),
        Missing = Choice.Of("--missing", parsed.GetValue(missing)!, Choice.Names<MissingValues>()),
        UnknownCategories = Unknown(parsed) ?? UnknownCategories.Zero,
    };

    /// <summary>
    /// An encoding that was learned, with what is asked for here of missing entries and of categories that it does not know.
    /// </summary>
    /// <exception cref="UsageException">What is asked for here contradicts the encoding.</exception>
    public DataEncoding? Adapt(ParseResult parsed, DataEncoding? learned)
    {
        if (learned?.Columns is not { } inputs)
            return learned;
        RequireSame(parsed, target, learned.TargetColumns, "target", asked => asked.SequenceEqual(learned.TargetColumns));
        string[] names = [.. inputs.Select(column => column.Name)];
        RequireSame(parsed, columns, names, "input", asked => asked.Order().SequenceEqual(names.Order()));
        RequireSame(parsed, ignored, names, "input", asked => !asked.Intersect(names).Any());
        string[] known = [.. inputs.Where(column => column.Categories is not null).Select(column => column.Name)];
        RequireSame(parsed, categories, known, "category", asked => !asked.Except(known).Any());
        var (read, kind) = (Read(parsed), learned.ClassNames is null ? LearningTask.Regression : LearningTask.Classification);
        if (read.Task is { } given && given != kind)
            throw new UsageException($"--task: the model was trained for a {kind.ToString().ToLowerInvariant()}. Leave --task out.");
        if (parsed.GetResult(missing) is { Implicit: false })
            learned = WithMissing(learned, read.Missing);
        return Unknown(parsed) is { } unlearned ? learned with { UnknownCategories = unlearned } : learned;
    }

    // Numbers of columns are not compared: which columns they are is not known before the file is read.
    private static void RequireSame<T>(
        ParseResult parsed, Option<T> option, IReadOnlyList<string> learned, string kind, Func<string[], bool> agrees)
    {
        if (parsed.GetResult(option) is not { Implicit: false } given
            || Names(option.Name, given.GetValueOrDefault<string?>()) is not { } asked)
            return;
        if (!asked.Any(name => int.TryParse(name, out _)) && !agrees(asked))
            throw new UsageException($"{option.Name} {Quoted.List(asked)}: the {kind} columns that the model was trained with are "
                + $"{(learned.Count == 0 ? "none" : Quoted.List([.. learned]))}. Leave {option.Name} out.");
    }

    private static DataEncoding WithMissing(DataEncoding learned, MissingValues asked) =>
        asked == MissingValues.Impute && learned.Columns!.Any(column => column is { Categories: null, Median: null })
            ? throw new UsageException("--missing impute: the model was trained without it, and knows no medians to put for missing "
                + "numbers. Write --missing drop, or train it with --missing impute.")
            : learned with { Missing = asked };

    private UnknownCategories? Unknown(ParseResult parsed) => parsed.GetValue(unknown) is { } name
        ? Choice.Of(unknown.Name, name, Choice.Names<UnknownCategories>())
        : null;

    private static string[]? Names(string option, string? text)
    {
        string[]? names = text?.Split(',');
        return names?.Contains("") == true
            ? throw new UsageException($"{option} {Quoted.Name(text!)}: a column is given without a name; join names by single commas.")
            : names;
    }
}
