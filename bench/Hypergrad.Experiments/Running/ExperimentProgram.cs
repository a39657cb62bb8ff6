using System.CommandLine;
using Hypergrad.Wording;

namespace Hypergrad.Experiments.Running;

/// <summary>The command: a subcommand for each experiment, and one for all.</summary>
internal static class ExperimentProgram
{
    private const int Success = 0, Fault = 1, WrongUsage = 2, BadData = 3;

    /// <summary>Runs it.</summary>
    /// <returns>0, or 2 for wrong usage, 3 for bad data, 1 for anything else that went wrong.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var root = Create(arguments, output);
        var parsed = root.Parse([.. arguments]);
        if (parsed.Errors.Count > 0)
        {
            foreach (var complaint in parsed.Errors)
                error.WriteLine($"experiments: {Quoted.Message(complaint.Message)}");
            error.WriteLine("See experiments --help.");
            return WrongUsage;
        }
        try
        {
            return parsed.Invoke(new() { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (HypergradException exception)
        {
            error.WriteLine($"experiments: {Quoted.Message(exception.Message)}");
            return exception switch { ConfigurationException => WrongUsage, DataException => BadData, _ => Fault };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"experiments: the pages cannot be written: {Quoted.Message(exception.Message)} Choose another --out.");
            return WrongUsage;
        }
    }

    private static RootCommand Create(IReadOnlyList<string> arguments, TextWriter output)
    {
        string command = string.Join(' ', arguments.Prepend("./build.sh experiments"));
        var root = new RootCommand("The experiments of the papers on hypergradients, each with a page that shows what came out.");
        foreach (var experiment in ExperimentCatalogue.All)
            root.Add(CommandFor(experiment.Name, experiment.Title + ".", [experiment], command, output));
        root.Add(CommandFor("all", "All experiments, one after the other, and an index page.", ExperimentCatalogue.All, command, output));
        return root;
    }

    private static Command CommandFor(
        string name, string description, IReadOnlyList<Experiment> experiments, string commandLine, TextWriter output)
    {
        var options = new ExperimentOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            new ExperimentRunner(options.Read(parsed, output), options.Places(parsed), commandLine).Run(experiments);
            return Success;
        });
        return command;
    }
}
