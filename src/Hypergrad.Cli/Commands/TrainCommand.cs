using System.CommandLine;
using Hypergrad.Cli.Options;
using Hypergrad.Cli.Output;
using Hypergrad.Data;
using Hypergrad.MetaOptimization;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Trajectories;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Commands;

/// <summary><c>hypergrad train --start hyperparameters.json</c>: trains a model with the hyperparameters that a tuning learned.</summary>
internal sealed class TrainCommand
{
    private readonly DataOptions data = new();
    private readonly SplitOptions split = new();
    private readonly ModelOptions model = new();
    private readonly ComputeOptions compute = new("single");
    private readonly Option<string> start = new("--start")
    {
        Description = "the hyperparameters to train with: the hyperparameters.json of a tuning. The network, the batch size, the sampling "
            + "and the seed are those of the folder model beside it, unless options say otherwise",
        Required = true,
    };

    private readonly Option<string> outFolder = new("--out")
    {
        Description = "the folder for the model; one that is in it is replaced",
        Required = true,
    };

    private readonly Option<int?> steps = new("--steps")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "how many training steps; the schedules are stretched over them. By default as many as were tuned",
    };

    private readonly Option<bool> allData = new("--all-data")
    {
        Description = "train on the validation part too; the test part alone judges",
    };

    private readonly Option<string?> encoding = new("--encoding")
    {
        Description = "where categories, classes, medians and the normalisation come from: model (the folder model beside the "
            + "hyperparameters), data (learned anew); by default model where there is one that has them",
        CompletionSources = { "model", "data" },
    };

    public static Command Create(CommandOutput output)
    {
        var train = new TrainCommand();
        var command = new Command("train", "Train a model with tuned hyperparameters.");
        command.Options.Add(train.start);
        command.Options.Add(train.outFolder);
        command.Options.Add(train.steps);
        command.Options.Add(train.allData);
        command.Options.Add(train.encoding);
        train.data.AddTo(command);
        train.split.AddTo(command);
        train.model.AddTo(command);
        train.compute.AddTrainingTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => train.Run(parsed, output, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CommandOutput output, CancellationToken cancellation)
    {
        string file = parsed.GetValue(start)!, folder = parsed.GetValue(outFolder)!;
        _ = new Files.OutputFolder(folder);
        var (before, known) = ModelsBeside(parsed, file);
        var loaded = Read(parsed, file, known?.Encoding);
        var (examples, source) = loaded;
        var loss = before?.Network.Loss ?? model.LossFor(parsed, examples);
        var (parts, normalization, learned, unknown) = split.Apply(
            parsed, loaded, TaskFigures.IsRegressionOf(examples, loss), data.Seed(parsed), known);
        var network = before?.Network ?? model.Network(parsed, parts.Train);
        var set = HyperparameterFile.Read(file, network);
        var run = RunOf(parsed, file, set, network, parts, before?.Provenance);
        bool keepsValidation = !parsed.GetValue(allData);
        Dataset[] judged = [.. keepsValidation ? [parts.Validation] : (Dataset[])[], .. parts.Test is { } test ? [test] : (Dataset[])[]];
        var backend = compute.Backend(parsed);
        var facts = new TrainingFacts(source, parts, run, keepsValidation, backend.Description)
        {
            StretchedFrom = run.Steps == set.Optimizer.Steps ? null : set.Optimizer.Steps,
            Encoding = known is null ? "learned from this data"
                : $"of the model {Quoted.Path(FolderBeside(file))}"
                    + (split.Fits(parsed) is { } fitted ? $", but {fitted} from this data" : ""),
            UnknownCategories = UnknownCategoryText.OfParts(unknown),
        };
        facts.Print(Terminal.On(output));
        var outcome = Training.Run(run, judged, backend, compute.Precision(parsed), cancellation);
        double? LossAt(int place) => place < judged.Length ? outcome.Evaluations[place].Average(evaluation => evaluation.Loss) : null;
        var provenance = Provenance.Of(run, source, TrainingFacts.MeanLosses(outcome)) with
        {
            ValidationLoss = keepsValidation ? LossAt(0) : null,
            TestLoss = LossAt(keepsValidation ? 1 : 0),
        };
        var trained = TrainedModel.Of(run, outcome.FinalWeights, normalization, provenance) with { Encoding = learned };
        trained.Save(folder);
        facts.PrintOutcome(Terminal.On(output), provenance, folder);
        output.WriteJson(json => SummaryJson.Write(json, provenance, new TaskFigures(parts, run.Network.Loss), folder));
        return ExitCode.Success;
    }

    private TrainingRun RunOf(
        ParseResult parsed, string file, HyperparameterSet set, Network network, DataSplit parts, Provenance? before)
    {
        if (parsed.GetValue(steps) is { } wanted)
            set = set with { Optimizer = set.Optimizer.Stretched(wanted) };
        try
        {
            set = set.For(network, parts.Train);
        }
        catch (ConfigurationException exception)
        {
            throw new DataException($"{Quoted.Path(file)}: {exception.Message}", exception);
        }
        return parsed.GetValue(allData)
            ? model.Run(parsed, network, AllData.Join(parts), AllData.Extend(set, parts.Train.Count), before)
            : model.Run(parsed, network, parts.Train, set, before);
    }

    // The model beside the hyperparameters, as what gives the network and how it was trained, and as what gives the encoding; null where
    // it does not. It is loaded where one of the two may be wanted: a damaged one is no trouble to a training that needs nothing of it.
    private (TrainedModel? Before, TrainedModel? Known) ModelsBeside(ParseResult parsed, string file)
    {
        bool? asked = parsed.GetValue(encoding) is { } name
            ? Choice.Of(encoding.Name, name, new Dictionary<string, bool?> { ["model"] = true, ["data"] = false })
            : null;
        bool describesNetwork = model.DescribesNetwork(parsed);
        var beside = describesNetwork && asked == false ? null : ModelBeside(file);
        // Without an encoding, as a program may have made it, a model says nothing of how its data was prepared.
        bool isKnown = beside?.Encoding is not null;
        if (asked == true && !isKnown)
            throw new UsageException($"--encoding model: there is no model with an encoding in {Quoted.Path(FolderBeside(file))}. "
                + "Leave --encoding out to learn it from the data.");
        return (describesNetwork ? null : beside, asked ?? isKnown ? beside : null);
    }

    private LoadedData Read(ParseResult parsed, string file, DataEncoding? known)
    {
        string hint = $" The data is read as the model {Quoted.Path(FolderBeside(file))} was trained; --encoding data learns from it anew.";
        try
        {
            return data.Read(parsed, known);
        }
        catch (UsageException error) when (known is not null)
        {
            throw new UsageException(error.Message + hint);
        }
        catch (DataException error) when (known is not null)
        {
            throw new DataException(error.Message + hint, error);
        }
    }

    private static TrainedModel? ModelBeside(string file) =>
        FolderBeside(file) is var beside && TrainedModel.IsIn(beside) ? TrainedModel.Load(beside) : null;

    private static string FolderBeside(string file) => Path.Combine(Path.GetDirectoryName(file) ?? "", TuneCommand.ModelFolder);
}
