using System.Globalization;
using Hypergrad.Backends;
using Hypergrad.Data;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Hypergrad.Wording;
using Spectre.Console;

namespace Hypergrad.Cli.Output;

/// <summary>What a tuning was asked for, in words: the same words on the screen, in result.json and in the report.</summary>
internal sealed record TuningFacts(
    string Source, DataSplit Parts, Normalization Normalization, string Backend, HypergradientMethod Method, Precision Precision,
    TuningOptions Options, string[] Arguments)
{
    /// <summary>What the records say, in the units of the data.</summary>
    public required TaskFigures Figures { get; init; }

    /// <summary>What was learned in preparing the data, but for the normalisation.</summary>
    public required DataEncoding Encoding { get; init; }

    /// <summary>What is told of the categories that no training example has; null where there are none.</summary>
    public string? UnknownCategories { get; init; }

    /// <summary>How smoothly training depends on the hyperparameters; null where it was not asked for.</summary>
    public SmoothnessFacts? Smoothness { get; init; }

    /// <summary>How many updates were asked for.</summary>
    public int MetaSteps => Options.MetaSteps;

    /// <summary>The command line that does the same again.</summary>
    public string CommandLine => string.Join(' ', Arguments.Select(Quote).Prepend("hypergrad"));

    /// <summary>Names and values, in the order in which a person wants them.</summary>
    public IEnumerable<(string Name, string Value)> Of(TrainingRun run)
    {
        var hyperparameters = run.Hyperparameters!;
        yield return ("data", Quoted.Path(Source));
        yield return ("examples", $"{Parts.Train.Count} training, {Parts.Validation.Count} validation, {Parts.Test?.Count ?? 0} test");
        if (ClassImbalance.Describe(Parts.Train) is { } uneven)
            yield return ("classes", uneven);
        if (UnknownCategories is not null)
            yield return ("unknown categories", UnknownCategories);
        yield return ("normalisation", NormalizationNames.Of(Normalization.Mode));
        if (Figures.IsRegression)
            yield return ("target normalisation", Describe(Parts.Train.TargetNormalization));
        yield return ("loss", Figures.Words.Definition);
        yield return ("network", $"{Describe(run.Network)}, {run.Network.ParameterCount} weights");
        yield return ("optimizer", Describe(hyperparameters.Optimizer));
        yield return ("training", $"{run.Steps} steps of {run.BatchSize} examples, "
            + $"seed {run.Seed}{(run.Replicas > 1 ? $", {run.Replicas} replicas" : "")}");
        foreach (var tuned in hyperparameters.Tuned(run.Network))
            yield return ($"tuned {tuned.Name}", $"{tuned.Count} {(tuned.Count == 1 ? "value" : "values")}{Start(tuned)}");
        yield return ("meta-optimisation", $"{MetaSteps} steps of {Options.MetaOptimizer.Name}, "
            + $"step size {Options.MetaOptimizer.StepSize.ToString(CultureInfo.InvariantCulture)}, "
            + (Options.StepDecay is { } decay ? $"halved over {decay}, " : "")
            + $"{(Options.FreshSeeds ? "fresh seeds" : "one seed")}");
        yield return ("method", $"{Method.Name}, {Precision.ToString().ToLowerInvariant()} precision");
        yield return ("computed with", Backend);
    }

    /// <summary>Shows what is about to be done.</summary>
    public void Print(IAnsiConsole console, TrainingRun run)
    {
        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (name, value) in Of(run))
            grid.AddRow(new Text(name, new Style(foreground: Color.Grey)), new Text(value));
        console.Write(grid);
    }

    // Where all values of a hyperparameter start alike, from which.
    private static string Start(TunedHyperparameter tuned) => Array.TrueForAll(tuned.Values, value => value == tuned.Values[0])
        ? string.Create(CultureInfo.InvariantCulture, $", from {tuned.Values[0]:G6}")
        : "";

    // A multi-layer perceptron is its sizes and its activation.
    private static string Describe(Network network) => network.Input.Shape.Rank == 1 && network.Layers.All(layer => layer is Dense)
        ? string.Join(", ", network.Layers.SkipLast(1).Select(layer => Spelling.Of(((Dense)layer).Activation)).Distinct()
            .Prepend(network.ToString()))
        : network.ToString();

    private static string Describe(Optimizer optimizer)
    {
        var fixedValues = optimizer.Schedules.Where(entry => !entry.Schedule.IsTuned)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Quantity} {entry.Schedule.Initial}"));
        string? dampening = optimizer is IDampened dampened
            ? $"dampening {dampened.Dampening?.ToString(CultureInfo.InvariantCulture) ?? "momentum"}"
            : null;
        return string.Join(", ", fixedValues.Prepend(optimizer.Name).Append(dampening).OfType<string>());
    }

    private static string Describe(Normalization? targets)
    {
        if (targets is null)
            return "none";
        string Numbers(IEnumerable<double> values) =>
            string.Join(", ", values.Take(4).Select(value => value.ToString("G5", CultureInfo.InvariantCulture)))
                + (targets.InputSize > 4 ? ", …" : "");
        return $"{NormalizationNames.Of(targets.Mode)}: less {Numbers(targets.Shift)}, "
            + $"over {Numbers(targets.Scale.Select(scale => 1 / scale))}; undone in what is shown";
    }

    private static string Quote(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"'{argument}'" : argument;
}
