using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Runs;
using Hypergrad.Trajectories;
using Hypergrad.Wording;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>What a training is about to do, and what came of it, in words.</summary>
internal sealed record TrainingFacts(string Source, DataSplit Parts, TrainingRun Run, bool KeepsValidation, string Backend)
{
    /// <summary>How many steps the hyperparameters were tuned for, where the schedules were stretched from them; else null.</summary>
    public int? StretchedFrom { get; init; }

    /// <summary>Where the encoding of the data comes from.</summary>
    public required string Encoding { get; init; }

    /// <summary>What is told of the categories that were not learned; null where there are none.</summary>
    public string? UnknownCategories { get; init; }

    /// <summary>The training loss of every step, the mean over the replicas; [steps].</summary>
    public static double[] MeanLosses(TrainingOutcome outcome) =>
        [.. Enumerable.Range(0, outcome.TrainingLosses[0].Length).Select(step => outcome.TrainingLosses.Average(losses => losses[step]))];

    /// <summary>Shows what is about to be done.</summary>
    public void Print(IAnsiConsole console)
    {
        string replicas = Run.Replicas > 1 ? $", {Run.Replicas} replicas, whose predictions are averaged" : "";
        string stretched = StretchedFrom is { } before ? $"; the schedules of {before} steps are stretched over them" : "";
        Print(console, [
            ("data", Quoted.Path(Source)),
            ("encoding", Encoding),
            .. UnknownCategories is null ? [] : ((string, string)[])[("unknown categories", UnknownCategories)],
            ("examples", $"{Run.Training.Count} training{(KeepsValidation ? $", {Parts.Validation.Count} validation" : " (all data)")}, "
                + $"{Parts.Test?.Count ?? 0} test"),
            ("network", $"{Run.Network}, {Run.Network.ParameterCount} weights"),
            ("training", $"{Run.Steps} steps of {Run.BatchSize} examples, seed {Run.Seed}{replicas}{stretched}"),
            ("computed with", Backend),
        ]);
    }

    /// <summary>Shows what came of it.</summary>
    public void PrintOutcome(IAnsiConsole console, Provenance provenance, string folder)
    {
        var figures = new TaskFigures(Parts, Run.Network.Loss);
        var losses = new List<(string, string)> { ("training loss", figures.Text(provenance.TrainingLoss)) };
        if (provenance.ValidationLoss is { } validation)
            losses.Add(("validation loss", figures.Text(validation)));
        if (provenance.TestLoss is { } test)
            losses.Add(("test loss", figures.Text(test)));
        losses.Add(("loss", figures.Words.Definition));
        Print(console, [.. losses]);
        console.WriteLine($"Written: the model in {Quoted.Path(folder)} (evaluate, predict, export).");
    }

    private static void Print(IAnsiConsole console, params (string Name, string Value)[] facts)
    {
        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name, new Style(foreground: Color.Grey)), new Text(value));
        console.Write(grid);
    }
}
