using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Models;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad evaluate MODEL --data …</c>: how well a model does on examples with their targets.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandOutput output)
    {
        var model = ModelArgument.Create();
        var data = new DataOptions();
        var command = new Command("evaluate", "Judge a trained model on data.") { model };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            data.RequireGiven(parsed);
            var trained = TrainedModel.Load(parsed.GetValue(model)!);
            var (examples, source, unknown) = data.ReadBy(parsed, trained.Encoding);
            var evaluation = trained.Evaluate(examples, cancellation);
            var words = new LossText(trained.Network.Loss, isRegression: !trained.IsClassifier, trained.Network.OutputShape.Count);
            EvaluationTables.Print(Terminal.On(output), evaluation, source, words);
            if (UnknownCategoryText.Of(unknown) is { } told)
                output.WriteLine(told);
            output.WriteJson(json => SummaryJson.Write(json, evaluation, source, words, unknown));
            return ExitCode.Success;
        }, CancellationToken.None));
        return command;
    }
}
