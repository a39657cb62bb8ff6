using System.CommandLine;
using Hypergrad.Cli.Output;
using Hypergrad.Models;
using Hypergrad.Onnx;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad export MODEL --onnx FILE</c>: the model for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandOutput output)
    {
        var model = ModelArgument.Create();
        var onnx = new Option<string>("--onnx") { Description = "the ONNX file to write", Required = true };
        var command = new Command("export", "Write a trained model for other programs.") { model, onnx };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetValue(onnx)!;
            if (Directory.Exists(path))
                throw new UsageException($"--onnx {Quoted.Path(path)} is a folder; name a file.");
            OnnxExport.Save(TrainedModel.Load(parsed.GetValue(model)!), path, cancellation);
            output.WriteWritten($"Written: {Quoted.Path(path)} (ONNX, operator set {OnnxExport.OperatorSet}).", path);
            return ExitCode.Success;
        }, CancellationToken.None));
        return command;
    }
}
