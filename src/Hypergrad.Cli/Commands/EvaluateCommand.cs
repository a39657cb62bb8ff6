using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Models;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad evaluate MODEL --data …</c>: how well a model does on examples with their targets.</summary>
internal static class EvaluateCommand
{
    public static Command Create(TextWriter output)
    {
        var model = ModelArgument.Create();
        var data = new DataOptions();
        var command = new Command("evaluate", "Judge a trained model on data.") { model };
        data.AddTo(command);
        command.SetAction(parsed =>
        {
            data.RequireGiven(parsed);
            var trained = TrainedModel.Load(parsed.GetValue(model)!);
            var (examples, source) = data.ReadBy(parsed, trained.Encoding);
            EvaluationTables.Print(Terminal.On(output), trained.Evaluate(examples), source);
            return ExitCode.Success;
        });
        return command;
    }
}
