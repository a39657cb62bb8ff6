using System.CommandLine;
using Hypergrad.Backends;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Planning;
using Hypergrad.RunFormat;
using Hypergrad.Runs;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary>
/// <c>hypergrad plan</c>: what the hypergradient of a run would take by each method, and which one to choose. The run is described as for
/// <c>tune</c>, or by a run file as for <c>gradient</c>.
/// </summary>
internal sealed class PlanCommand
{
    private readonly DataOptions data = new();
    private readonly SplitOptions split = new();
    private readonly ModelOptions model = new();
    private readonly HyperparameterOptions hyperparameters = new();
    private readonly MetaOptions meta = new();
    private readonly ComputeOptions compute = new("single");

    private readonly Argument<string?> file = new("run.json")
    {
        Description = "an explicit run, of format 1 or 2, in place of the options that describe one; then in double precision by default",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<long?> memory = new("--memory")
    {
        CustomParser = argument => MemorySize.Read(argument),
        Description = "what a hypergradient may take: 4GB, 500MB, 16GiB; by default all the memory that is left",
    };

    private readonly Option<string?> outFile = new("--out") { Description = "a file to write the plan to, as JSON" };

    // Those that describe a run, and have no place beside a run file.
    private readonly List<Option> describing = [];

    public static Command Create(CommandOutput output)
    {
        var plan = new PlanCommand();
        var command = new Command("plan", "Predict the time and memory of each method for a run, and choose one.") { plan.file };
        plan.data.AddTo(command);
        plan.split.AddTo(command);
        plan.model.AddTo(command);
        plan.hyperparameters.AddTo(command);
        plan.meta.AddTo(command);
        plan.describing.AddRange(command.Options);
        plan.compute.AddTo(command);
        command.Options.Add(plan.memory);
        command.Options.Add(plan.outFile);
        command.SetAction((parsed, cancellation) => Task.Run(() => plan.Run(parsed, output, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CommandOutput output, CancellationToken cancellation)
    {
        var console = Terminal.On(output);
        if (parsed.GetValue(outFile) is { } name && Directory.Exists(name))
            throw new UsageException($"--out {Quoted.Path(name)} is a folder; name a file.");
        var destination = parsed.GetValue(outFile) is { } path ? new OutputFile(path) : null;
        compute.RefuseComparison(parsed);
        string? runFile = parsed.GetValue(file);
        var method = compute.MethodIfNamed(parsed);
        var backend = compute.Backend(parsed);
        var (run, validation) = runFile is null ? Described(parsed) : Explicit(parsed, runFile);
        var tuning = runFile is null ? meta.Read(parsed, run, hyperparameters.AreLearned(parsed)) : null;
        var plan = RunPlan.Make(run, validation, new()
        {
            Backend = backend,
            Precision = runFile is null || compute.NamesPrecision(parsed) ? compute.Precision(parsed) : Precision.Double,
            Memory = parsed.GetValue(memory),
            Method = method,
            Cancellation = cancellation,
        });
        PlanTables.Print(console, plan, tuning);
        destination?.Write(stream => PlanFile.Write(stream, plan, tuning));
        output.WriteJson(json => PlanFile.Write(json, plan, tuning));
        return plan.Choice is not null
            ? ExitCode.Success
            : throw new MemoryException($"No exact method fits into {MemorySize.Text(plan.Memory)}. "
                + $"Give more with --memory; the least is {MemorySize.Text(plan.LeastMemory)}.");
    }

    private (TrainingRun Run, Dataset Validation) Described(ParseResult parsed)
    {
        var loaded = data.Read(parsed);
        bool isRegression = TaskFigures.IsRegressionOf(loaded.Data, model.LossFor(parsed, loaded.Data));
        var parts = split.Apply(parsed, loaded, isRegression, data.Seed(parsed)).Parts;
        var network = model.Network(parsed, parts.Train);
        var set = hyperparameters.Read(parsed, network, parts.Train, model.IsGivenByLayers(parsed));
        return (model.Run(parsed, network, parts.Train, set), parts.Validation);
    }

    private (TrainingRun Run, Dataset Validation) Explicit(ParseResult parsed, string runFile)
    {
        foreach (var option in describing)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} and {Quoted.Path(runFile)}: the file describes the whole run. "
                    + "Leave one of them out.");
        var (run, validation) = ExplicitRunReader.Read(runFile);
        return (run, validation);
    }
}
