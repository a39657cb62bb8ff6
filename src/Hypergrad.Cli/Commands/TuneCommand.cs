using System.CommandLine;
using System.Text.Json;
using Hypergrad.Backends;
using Hypergrad.Cli.Baselines;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Cli.Reporting;
using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.MetaOptimization;
using Hypergrad.Models;
using Hypergrad.Runs;
using Hypergrad.Wording;
using Spectre.Console;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad tune</c>: the main job. Trains, carries the validation loss back to the hyperparameters, steps, again.</summary>
internal sealed class TuneCommand
{
    // A report with its charts and tables takes 60 kB to 1 MB, and what it shows as JSON about as much.
    private const long ReportBytes = 2 << 20;

    /// <summary>The folder, beside the hyperparameters, of the model that they trained.</summary>
    public const string ModelFolder = "model";

    private static readonly Dictionary<string, Func<TrainingRun, DataSplit, IBackend, Precision, RandomSearch>> Baselines = new()
    {
        ["random"] = (run, parts, backend, precision) => new(run, parts, backend, precision),
    };

    private readonly DataOptions data = new();
    private readonly SplitOptions split = new();
    private readonly ModelOptions model = new();
    private readonly HyperparameterOptions hyperparameters = new();
    private readonly MetaOptions meta = new();
    private readonly ComputeOptions compute = new("single");
    private readonly Option<string?> outFolder = new("--out")
    {
        Description = "a folder for result.json, hyperparameters.json, report.html, the model, and the state to resume from",
    };

    private readonly Option<bool> resume = new("--resume")
    {
        Description = "go on with the tuning that was stopped in the --out folder; refused where none was begun",
    };

    private readonly Option<bool> metasmoothness = new("--metasmoothness")
    {
        Description = "also measure how smoothly training depends on the hyperparameters, at the start and as learned: ten trainings more",
    };

    private readonly Option<bool> allowOtherBits = new("--allow-other-bits")
    {
        Description = "with --resume: go on with another backend, instruction set, precision or version; result.json says so",
    };

    private readonly Option<string?> baseline = new("--baseline")
    {
        Description = $"{string.Join(", ", Baselines.Keys)}: also search at random for constants, at the cost of the tuning",
    };

    public static Command Create(string[] args, CommandOutput output)
    {
        var tune = new TuneCommand();
        var command = new Command("tune", "Tune thousands of hyperparameters by their exact gradients.");
        tune.data.AddTo(command);
        tune.split.AddTo(command);
        tune.model.AddTo(command);
        tune.hyperparameters.AddTo(command);
        tune.meta.AddTo(command);
        tune.compute.AddTo(command);
        command.Options.Add(tune.outFolder);
        command.Options.Add(tune.resume);
        command.Options.Add(tune.allowOtherBits);
        tune.baseline.CompletionSources.Add([.. Baselines.Keys]);
        command.Options.Add(tune.baseline);
        command.Options.Add(tune.metasmoothness);
        // On a thread of its own, so that an interrupt is heard meanwhile.
        command.SetAction((parsed, cancellation) => Task.Run(() => tune.Run(parsed, args, output, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, string[] args, CommandOutput output, CancellationToken cancellation)
    {
        var console = Terminal.On(output);
        string? folder = parsed.GetValue(outFolder);
        bool resumes = parsed.GetValue(resume);
        if (resumes && folder is null)
            throw new UsageException("--resume: name the folder of the tuning that was stopped with --out.");
        if (parsed.GetValue(allowOtherBits) && !resumes)
            throw new UsageException("--allow-other-bits belongs to --resume; add that, or leave --allow-other-bits out.");
        if (resumes && folder is not "" && !Tuning.IsKeptIn(folder!))
            throw new UsageException(
                $"--resume: there is no tuning in {Quoted.Path(folder!)} to go on with. Leave --resume out to start one.");
        var destination = folder is null ? null : new OutputFolder(folder, ReportBytes);
        var loaded = data.Read(parsed);
        var (examples, source) = loaded;
        var (parts, normalization, encoding, unknown) = split.Apply(
            parsed, loaded, TaskFigures.IsRegressionOf(examples, model.LossFor(parsed, examples)), data.Seed(parsed));
        var network = model.Network(parsed, parts.Train);
        var figures = new TaskFigures(parts, network.Loss);
        var set = hyperparameters.Read(parsed, network, parts.Train, model.IsGivenByLayers(parsed));
        var run = model.Run(parsed, network, parts.Train, set);
        var backend = compute.Backend(parsed);
        var search = parsed.GetValue(baseline) is { } name
            ? new BaselineDisplay(Choice.Of("--baseline", name, Baselines)(run, parts, backend, compute.Precision(parsed)), figures)
            : null;
        bool compares = compute.Compares(parsed);
        var progress = new TuningDisplay(console, figures);
        var options = meta.Read(parsed, run, hyperparameters.AreLearned(parsed));
        var tuning = new Tuning(run, parts.Validation, options with
        {
            Method = compute.Method(parsed),
            Precision = compute.Precision(parsed),
            Backend = backend,
            Test = parts.Test,
            StateDirectory = folder,
            AllowOtherBits = parsed.GetValue(allowOtherBits),
            Progress = progress,
            RunProgress = progress,
            Cancellation = cancellation,
        });
        // For as long as results are written, not for the meta-steps alone.
        using var claim = tuning.Claim();
        int? begun = tuning.MetaStepsDone;
        int done = begun ?? 0;
        if (resumes && begun is null)
            throw new UsageException($"--resume: the tuning in {Quoted.Path(folder!)} has other settings, and no meta-step of it is done. "
                + "Leave --resume out to start this one in its place.");
        if (done > 0 && !resumes)
            throw new UsageException(
                $"--out {Quoted.Path(folder!)} holds a tuning of {done} meta-steps. Add --resume to go on with it, "
                + "or choose another folder.");

        var facts = new TuningFacts(source, parts, normalization, backend.Description, compute.Method(parsed), compute.Precision(parsed),
            options, args)
        {
            Figures = figures,
            Encoding = encoding,
            UnknownCategories = UnknownCategoryText.OfParts(unknown),
        };
        facts.Print(console, run);
        if (compares)
            AccuracyTable.Print(console, Hypergradient.Compute(run, parts.Validation, compute.Method(parsed), new()
            {
                Backend = backend,
                Precision = compute.Precision(parsed),
                MeasureAccuracy = true,
                Cancellation = cancellation,
            }));
        if (resumes)
            console.MarkupLine(done > 0 ? $"Going on after meta-step {done}." : "Going on from the start: no meta-step was done.");
        // One that is kept here belongs to the tuning that was here before.
        if (!resumes)
            BaselineState.Remove(destination);
        TuningResult result;
        BaselineResult? compared = null;
        try
        {
            result = progress.Watch(tuning, facts.MetaSteps, done);
            TuningSummary.Print(console, result, facts);
            compared = search?.Run(console, result, facts.Method, destination, cancellation);
            if (parsed.GetValue(metasmoothness))
            {
                facts = facts with { Smoothness = SmoothnessFacts.Measure(result, facts, backend, cancellation) };
                facts.Smoothness.Print(console);
            }
        }
        catch (OperationCanceledException)
        {
            parsed.InvocationConfiguration.Error.WriteLine("hypergrad: interrupted. " + (folder is null
                ? "Nothing was kept: without --out there is no folder to keep it in."
                : "What was done is kept; go on with --resume."));
            return ExitCode.Interrupted;
        }
        if (compared is not null)
            search!.Print(console, result, compared);
        Action<Utf8JsonWriter>? writeBaseline = compared is null ? null : json => search!.Write(json, compared);
        if (destination is not null)
            Write(console, destination, result, facts, writeBaseline,
                report => compared is null ? report : report with { Baseline = search!.ToReport(result, compared, facts.Method) });
        output.WriteJson(json => ResultFile.Write(json, result, facts, writeBaseline));
        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, OutputFolder destination, TuningResult result, TuningFacts facts,
        Action<Utf8JsonWriter>? writeBaseline, Func<TuningReport, TuningReport> addBaseline)
    {
        destination.Replace("result.json", stream => ResultFile.Write(stream, result, facts, writeBaseline));
        destination.Replace(
            "hyperparameters.json", stream => HyperparameterFile.Write(stream, result.Learned.Network, result.Learned.Hyperparameters!));
        var provenance = Provenance.Of(result.Learned, facts.Source, result.LastTrainingLosses) with
        {
            ValidationLoss = result.After.Validation.Mean,
            TestLoss = result.After.Test?.Mean,
        };
        var trained = TrainedModel.Of(result.Learned, result.LearnedWeights, facts.Normalization, provenance) with
        {
            Encoding = facts.Encoding,
        };
        trained.Save(destination[ModelFolder]);
        var report = addBaseline(ReportBuilder.Build(result, facts, trained));
        destination.Replace(ReportFile.Name, stream => ReportFile.Write(stream, report));
        destination.Replace("report.html", stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            ReportWriter.Write(writer, report);
        });
        console.WriteLine($"Written: {Quoted.Path(destination["report.html"])}, result.json, hyperparameters.json "
            + $"(tune --start takes it back), {ModelFolder} (evaluate, predict, export).");
    }
}
