using System.CommandLine;
using Hypergrad.Cli.Commands;
using Hypergrad.Data;

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
        var root = new RootCommand(
            "Exact gradients of a validation loss with respect to every hyperparameter of a training run, and tuning by them.")
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
                error.WriteLine($"hypergrad: {complaint.Message}{Suggestion(complaint.Message, parsed.CommandResult.Command)}");
            error.WriteLine(
                $"See hypergrad {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help.");
            return ExitCode.Usage;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
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
            error.WriteLine($"hypergrad: {exception.Message}");
            return CodeOf(exception);
        }
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

    private static int CodeOf(Exception exception) => exception switch
    {
        UsageException or ConfigurationException => ExitCode.Usage,
        DataException => ExitCode.Data,
        DivergedException => ExitCode.Diverged,
        ReversalException => ExitCode.NotExact,
        _ => ExitCode.Fault,
    };
}
