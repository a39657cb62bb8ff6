using System.CommandLine;
using Hypergrad.Data;

namespace Hypergrad.Cli.Options;

/// <summary>How a CSV file is written.</summary>
internal sealed class CsvFormatOptions
{
    private readonly Option<string> header = new("--header")
    {
        Description = "whether a CSV file has a header: auto, yes, no",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> delimiter = new("--delimiter")
    {
        Description = "the CSV delimiter: comma, semicolon, tab; by default detected",
    };

    private readonly Option<bool> decimalComma = new("--decimal-comma")
    {
        Description = "the numbers of a CSV file have decimal commas: 3,14",
    };

    private readonly Option<bool> thousands = new("--thousands")
    {
        Description = "the numbers of a CSV file may have thousands separators: 1,250,000, or 1.250.000 with --decimal-comma",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { header, delimiter, decimalComma, thousands })
            command.Options.Add(option);
    }

    /// <summary>What was asked for.</summary>
    public CsvOptions Read(ParseResult parsed, TableOptions table) => new()
    {
        TargetColumns = table.TargetColumns,
        InputColumns = table.InputColumns,
        IgnoredColumns = table.IgnoredColumns,
        CategoryColumns = table.CategoryColumns,
        Task = table.Task,
        Missing = table.Missing,
        UnknownCategories = table.UnknownCategories,
        HasHeader = Choice.Of(
            "--header", parsed.GetValue(header)!, new Dictionary<string, bool?> { ["auto"] = null, ["yes"] = true, ["no"] = false }),
        Delimiter = parsed.GetValue(delimiter) is { } name
            ? Choice.Of("--delimiter", name, new Dictionary<string, char> { ["comma"] = ',', ["semicolon"] = ';', ["tab"] = '\t' })
            : null,
        DecimalComma = parsed.GetValue(decimalComma),
        Thousands = parsed.GetValue(thousands),
    };
}
