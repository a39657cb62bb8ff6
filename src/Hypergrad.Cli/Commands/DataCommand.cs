using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Data;
using Hypergrad.Wording;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad data</c>: what a dataset holds.</summary>
internal static class DataCommand
{
    public static Command Create(CommandOutput output)
    {
        var options = new DataOptions();
        var command = new Command("data", "Show what a dataset holds.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var (data, name) = options.Read(parsed);
            var console = Terminal.On(output);
            var summary = DatasetSummary.Describe(data);
            output.WriteJson(json => SummaryJson.Write(json, summary, name));
            Show(console, summary, name);
            if (ClassImbalance.Describe(data) is { } uneven)
                console.WriteLine(uneven);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, DatasetSummary summary, string name)
    {
        var table = new Table().Title(Markup.Escape(Quoted.Path(name))).HideHeaders().AddColumns("", "");
        void Row(string key, FormattableString value) =>
            table.AddRow(Markup.Escape(key), Markup.Escape(FormattableString.Invariant(value)));
        Row("examples", $"{summary.Count}");
        if (summary.ImageWidth is not null)
            Row("inputs", $"{summary.InputSize} numbers, a picture of {summary.ImageWidth} × {summary.ImageHeight} pixels");
        else
            Row("inputs", $"{SearchText.Count(summary.InputSize, "number", "numbers")}");
        Row("input range", $"{summary.Minimum:G5} to {summary.Maximum:G5}");
        Row("input mean ± deviation", $"{summary.Mean:G5} ± {summary.StandardDeviation:G5}");
        Row("constant inputs", $"{summary.ConstantFeatures}");
        Row("duplicate examples", $"{summary.Duplicates}");
        Row("target", summary.Classes is null
            ? (FormattableString)$"{SearchText.Count(summary.TargetSize, "number", "numbers")}"
            : $"one of {summary.TargetSize} classes");
        foreach (var share in summary.Classes ?? [])
            Row($"  class {Quoted.Name(share.Name)}", $"{share.Count} ({share.Count / (double)summary.Count:P1})");
        console.Write(table);
    }
}
