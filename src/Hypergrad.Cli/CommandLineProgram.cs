using System.CommandLine;
using System.CommandLine.Parsing;
using Hypergrad.Cli.Commands;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Wording;

namespace Hypergrad.Cli;

/// <summary>The <c>hypergrad</c> command: parses, dispatches, and turns every error into one clear line and an exit code.</summary>
internal static class CommandLineProgram
{
    /// <summary>Runs the command.</summary>
    /// <param name="args">What the user wrote behind <c>hypergrad</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go.</param>
    /// <param name="cancellation">Cancelled when the user interrupts it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        using var messages = new CommandOutput(output);
        var outputOptions = new OutputOptions();
        var root = new RootCommand(
            "Exact gradients of a validation loss with respect to every hyperparameter of a training run, and tuning by them.")
        {
            TuneCommand.Create(args, messages),
            TrainCommand.Create(messages),
            EvaluateCommand.Create(messages),
            PredictCommand.Create(messages),
            ExportCommand.Create(messages),
            GradientCommand.Create(messages),
            PlanCommand.Create(messages),
            DataCommand.Create(messages),
            ReportCommand.Create(messages),
            DoctorCommand.Create(messages),
            CompletionCommand.Create(messages),
        };
        outputOptions.AddTo(root);
        var parsed = root.Parse(args);
        // A directive, such as that for completion, is about a command line that is not finished.
        bool isDirective = parsed.Tokens.Any(token => token.Type == TokenType.Directive);
        if (parsed.Errors.Count > 0 && !isDirective)
        {
            foreach (var complaint in parsed.Errors)
                error.WriteLine($"hypergrad: {Readable(complaint.Message)}{Suggestion(complaint.Message, parsed.CommandResult.Command)}");
            error.WriteLine(
                $"See hypergrad {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help.");
            return ExitCode.Usage;
        }
        try
        {
            outputOptions.Apply(parsed, messages);
            error = messages.WithLog(error);
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null,
            };
            int code = parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
            if (messages.Log?.Failure is not { } trouble)
                return code;
            error.WriteLine($"hypergrad: the log cannot be written to: {trouble}");
            return code == ExitCode.Success ? ExitCode.Output : code;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("hypergrad: interrupted.");
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The user gets a line for whatever went wrong, never a stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error.WriteLine($"hypergrad: {MessageOf(exception)}");
            return CodeOf(exception);
        }
    }

    // The parser repeats the word that it does not know as it is.
    private static string Readable(string complaint)
    {
        string[] quoted = complaint.Split('\'');
        return Quoted.Message(quoted.Length == 3 ? $"{quoted[0]}'{Quoted.Name(quoted[1])}'{quoted[2]}" : complaint);
    }

    // The parser names the word it does not know, in quotes, and nothing else of it.
    private static string Suggestion(string complaint, Command command)
    {
        string[] quoted = complaint.Split('\'');
        var known = command.Children.Where(child => child is Option or Command).Select(child => child.Name);
        return quoted.Length == 3 && NearestName.Find(quoted[1], known) is { } nearest
            && nearest != quoted[1]
            ? $" Did you mean {nearest}?"
            : "";
    }

    private static string MessageOf(Exception exception) => exception is OutOfMemoryException
        ? "there is too little memory for this. Use fewer replicas, a smaller network, fewer steps or less data."
        : Quoted.Message(exception.Message);

    private static int CodeOf(Exception exception) => exception switch
    {
        UsageException or ConfigurationException => ExitCode.Usage,
        DataException => ExitCode.Data,
        DivergedException => ExitCode.Diverged,
        ReversalException => ExitCode.NotExact,
        MemoryException or OutOfMemoryException => ExitCode.Memory,
        FolderInUseException => ExitCode.FolderInUse,
        _ => ExitCode.Fault,
    };
}
