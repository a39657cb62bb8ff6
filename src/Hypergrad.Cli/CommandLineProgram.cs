using System.CommandLine;
using Hypergrad.Cli.Commands;

namespace Hypergrad.Cli;

/// <summary>The <c>hypergrad</c> command: parses, dispatches, and turns every error into one clear line and an exit code.</summary>
internal static class CommandLineProgram
{
    /// <summary>Runs the command.</summary>
    /// <param name="args">What the user wrote behind <c>hypergrad</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Exact gradients of a validation loss with respect to every hyperparameter of a training run, and tuning by them.")
        {
            TuneCommand.Create(args, output),
            GradientCommand.Create(output),
            DataCommand.Create(output),
            DoctorCommand.Create(output),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var complaint in parsed.Errors)
                error.WriteLine($"hypergrad: {complaint.Message}");
            error.WriteLine($"See hypergrad {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help.");
            return ExitCode.Usage;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("hypergrad: interrupted. What was done is kept; go on with --resume.");
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The user gets a line for whatever went wrong, never a stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error.WriteLine($"hypergrad: {exception.Message}");
            return CodeOf(exception);
        }
    }

    private static int CodeOf(Exception exception) => exception switch
    {
        UsageException or ConfigurationException => ExitCode.Usage,
        DataException => ExitCode.Data,
        TrainingDivergedException => ExitCode.Diverged,
        ReversalException => ExitCode.NotExact,
        _ => ExitCode.Fault,
    };
}
