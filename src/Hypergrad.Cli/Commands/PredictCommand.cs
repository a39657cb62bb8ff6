using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Files;
using Hypergrad.Models;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad predict MODEL FILE</c>: a prediction for each example, as CSV or JSON lines.</summary>
internal static class PredictCommand
{
    private static readonly Dictionary<string, Action<TextWriter, Predictions, CancellationToken>> Formats = new()
    {
        ["csv"] = CsvPredictions.Write,
        ["jsonl"] = JsonLinesPredictions.Write,
    };

    public static Command Create(CommandOutput output)
    {
        var model = ModelArgument.Create();
        var data = new DataOptions();
        var outFile = new Option<string?>("--out") { Description = "where to write the predictions; by default the standard output" };
        var format = new Option<string>("--format")
        {
            Description = string.Join(", ", Formats.Keys) + ": a line for each example, either way",
            DefaultValueFactory = _ => "csv",
            CompletionSources = { Formats.Keys.ToArray() },
        };
        var command = new Command("predict", "Predict with a trained model; targets may be missing in the data.") { model };
        data.AddInputsTo(command);
        data.AddTo(command);
        command.Options.Add(outFile);
        command.Options.Add(format);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (output.WantsJson)
                throw new UsageException("--json: predictions are lines; write --format jsonl for a JSON object in each.");
            data.RequireGiven(parsed);
            return Run(parsed, Choice.Of("--format", parsed.GetValue(format)!, Formats), parsed.GetValue(outFile), cancellation);
        }, CancellationToken.None));
        return command;

        int Run(ParseResult parsed, Action<TextWriter, Predictions, CancellationToken> write, string? path, CancellationToken cancellation)
        {
            if (Directory.Exists(path))
                throw new UsageException($"--out {Quoted.Path(path)} is a folder; name a file.");
            var destination = path is null ? null : new OutputFile(path);
            var trained = TrainedModel.Load(parsed.GetValue(model)!);
            var (inputs, unknown) = data.ReadInputs(parsed, trained.Encoding);
            if (UnknownCategoryText.Of(unknown) is { } told)
                output.WriteNotice(told, parsed.InvocationConfiguration.Error);
            var predictions = trained.Predict(inputs, cancellation);
            if (destination is null)
                write(output.Data, predictions, cancellation);
            else
                destination.Write(stream =>
                {
                    using var writer = new StreamWriter(stream, leaveOpen: true);
                    write(writer, predictions, cancellation);
                });
            return ExitCode.Success;
        }
    }
}
