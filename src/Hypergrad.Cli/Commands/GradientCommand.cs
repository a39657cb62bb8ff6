using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.RunFormat;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad gradient run.json</c>: one fully explicit run, its hypergradients as JSON.</summary>
internal static class GradientCommand
{
    public static Command Create(CommandOutput output)
    {
        var file = new Argument<string>("run.json")
        {
            Description = "the explicit run, of format 1 or 2: network, data, minibatches, schedules, penalties",
        };
        var outFile = new Option<string?>("--out") { Description = "where to write the result; by default the standard output" };
        var compute = new ComputeOptions("double");
        var command = new Command("gradient", "Compute every hypergradient of one fully explicit run.") { file, outFile };
        compute.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(parsed.GetValue(file)!, parsed.GetValue(outFile), compute, parsed, output, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(
        string file, string? outFile, ComputeOptions compute, ParseResult parsed, CommandOutput output, CancellationToken cancellation)
    {
        var method = compute.Method(parsed);
        bool compares = compute.Compares(parsed);
        var backend = compute.Backend(parsed);
        if (Directory.Exists(outFile))
            throw new UsageException($"--out {Quoted.Path(outFile)} is a folder; name a file.");
        var destination = outFile is null ? null : new OutputFile(outFile);
        var (run, validation) = ExplicitRunReader.Read(file);
        var hypergradient = Hypergradient.Compute(run, validation, method, new()
        {
            Backend = backend,
            Precision = compute.Precision(parsed),
            KeepFinalWeights = true,
            MeasureAccuracy = compares,
            Cancellation = cancellation,
        });
        if (destination is not null)
        {
            destination.Write(stream => ExplicitResultWriter.Write(stream, hypergradient, backend.Name));
            output.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteString("written", outFile!);
                json.WriteEndObject();
            });
            return ExitCode.Success;
        }
        using var memory = new MemoryStream();
        ExplicitResultWriter.Write(memory, hypergradient, backend.Name);
        output.Data.WriteLine(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
        return ExitCode.Success;
    }
}
