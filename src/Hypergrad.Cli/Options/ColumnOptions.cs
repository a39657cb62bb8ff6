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
        Description = "what to do about a category that no training example has: refuse, zero (all inputs of the column are 0); by default "
            + "what the model was trained with, else refuse",
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
        UnknownCategories = Unknown(parsed) ?? default,
    };

    /// <summary>An encoding that was learned, with what is asked for here of categories that it does not know.</summary>
    public DataEncoding? Adapt(ParseResult parsed, DataEncoding? learned) =>
        learned is null || Unknown(parsed) is not { } asked ? learned : learned with { UnknownCategories = asked };

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
