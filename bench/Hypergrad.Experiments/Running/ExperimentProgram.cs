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
        var root = new RootCommand("The experiments of the papers on hypergradients, each with a page that shows what came out.");
        foreach (var experiment in ExperimentCatalogue.All)
            root.Add(CommandFor(experiment.Name, experiment.Title + ".", [experiment], arguments, output));
        root.Add(CommandFor("all", "All experiments, one after the other, and an index page.", ExperimentCatalogue.All, arguments, output));
        var options = new ExperimentOptions();
        var draw = new Command("draw", "No experiment: draws the pages that --out has, and an index over them, again.");
        options.AddPlacesTo(draw);
        draw.SetAction(parsed =>
        {
            new ExperimentRunner(options.Read(parsed, output), options.Places(parsed), arguments).Draw();
            return Success;
        });
        root.Add(draw);
        return root;
    }

    private static Command CommandFor(
        string name, string description, IReadOnlyList<Experiment> experiments, IReadOnlyList<string> arguments, TextWriter output)
    {
        var options = new ExperimentOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            new ExperimentRunner(options.Read(parsed, output), options.Places(parsed), arguments).Run(experiments);
            return Success;
        });
        return command;
    }
}
