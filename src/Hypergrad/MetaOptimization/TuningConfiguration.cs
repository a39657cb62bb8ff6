using System.Globalization;
using Hypergrad.Arithmetic;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.MetaOptimization;

/// <summary>What a tuning's bits depend on, by name: a state is only continued where all of it is the same.</summary>
internal static class TuningConfiguration
{
    /// <summary>Describes a tuning.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(TrainingRun run, Dataset validation, TuningOptions options)
    {
        var hyperparameters = run.Hyperparameters!;
        return
        [
            ("network", $"{run.Network.Input}: {NetworkText.Of(run.Network.Layers)}, {run.Network.Loss}"),
            ("training steps", Text(run.Steps)),
            ("batch size", $"{run.BatchSize}, {run.Sampling}"),
            ("seed", $"{run.Seed}, {(options.FreshSeeds ? "fresh" : "fixed")}"),
            ("replicas", Text(run.Replicas)),
            ("optimizer", Describe(hyperparameters.Optimizer)),
            ("hyperparameters", string.Join("; ", hyperparameters.Stated.Select(entry => Describe(entry.Quantity, entry.Hyperparameter)))),
            ("starting values", string.Join(' ', hyperparameters.Stated.Select(entry => Fingerprint(entry.Hyperparameter.Values!)))),
            ("target normalisation", Describe(run.Training.TargetNormalization)),
            ("training data", Fingerprint(run.Training)),
            ("validation data", Fingerprint(validation)),
            ("test data", options.Test is null ? "none" : Fingerprint(options.Test)),
            ("search for a start", $"{options.StartTrials} trainings"),
            ("meta-optimizer", options.MetaOptimizer + (options.StepDecay is { } decay ? $", decaying over {Text(decay)} meta-steps" : "")),
            ("method", options.Method.ToString()),
        ];
    }

    /// <summary>Refuses a state of another tuning, naming what differs.</summary>
    /// <exception cref="ConfigurationException">Something differs.</exception>
    public static void RequireSame(
        IReadOnlyList<(string Name, string Value)> wanted, IReadOnlyList<(string Name, string Value)> found, string directory)
    {
        if (Difference(wanted, found) is var (name, here, there))
            throw new ConfigurationException($"{directory} holds the state of another tuning: its {name} is {there ?? "not given"}, "
                + $"here it is {here}. Choose another folder, or the same settings.");
    }

    /// <summary>The first thing that differs, or null where all of it is the same.</summary>
    public static (string Name, string Wanted, string? Found)? Difference(
        IReadOnlyList<(string Name, string Value)> wanted, IReadOnlyList<(string Name, string Value)> found)
    {
        foreach (var (name, value) in wanted)
            if (found.FirstOrDefault(entry => entry.Name == name).Value is var other && other != value)
                return (name, value, other);
        return null;
    }

    private static string Describe(Optimizer optimizer) => optimizer is IDampened dampened
        ? $"{optimizer.Name}, dampening {dampened.Dampening?.ToString("R", CultureInfo.InvariantCulture) ?? "momentum"}"
        : optimizer.Name;

    private static string Describe(Normalization? normalization) => normalization is null ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{normalization.Mode} (less {string.Join(" ", normalization.Shift)}, ")
            + string.Create(CultureInfo.InvariantCulture, $"times {string.Join(" ", normalization.Scale)})");

    // Sharing and choice belong to it: as many values may mean other weights, or other examples.
    private static string Describe(Quantity quantity, Hyperparameter hyperparameter)
    {
        string of = hyperparameter switch
        {
            Schedule schedule => $"{schedule.Sharing} {schedule.Form} {schedule.Knots}",
            Scale scale => $"{scale.Sharing}{(scale.IsRelativeToFanIn ? " relative to fan-in" : "")}",
            Penalty { Map: { } map } => $"by {map.GetType().Name}",
            Penalty penalty => penalty.Sharing.ToString(),
            HeldWeights held => $"held, by {held.Map.GetType().Name}",
            ExampleHyperparameter { Examples: { } examples } => $"of examples {string.Join(',', examples)}",
            _ => "of all examples",
        };
        if (hyperparameter is ExampleWeights { Form: not ExampleWeightForm.Positive and var form })
            of += $" {form}";
        if (hyperparameter.Transform is { } transform)
            of += $" by {transform.Name}";
        return $"{quantity} {of}{(hyperparameter.IsTuned ? "" : " fixed")}";
    }

    private static string Fingerprint(double[] values) => $"{StateHash.Of([.. values.Select(BitConverter.DoubleToInt64Bits)]):x16}";

    private static string Fingerprint(Dataset data)
    {
        ulong hash = 0;
        var row = new double[Math.Max(data.InputSize, data.TargetSize)];
        for (int i = 0; i < data.Count; i++)
        {
            hash = hash * 31 + Hash(data.Inputs, i, row);
            hash = hash * 31 + Hash(data.Targets, i, row);
        }
        return $"{data.Count} × {data.InputSize}, {hash:x16}";
    }

    private static ulong Hash(Table table, int index, double[] row)
    {
        table.CopyRow<double>(index, row);
        ulong hash = 0;
        for (int i = 0; i < table.Columns; i++)
            hash += StateHash.Mix(BitConverter.DoubleToInt64Bits(row[i]), i);
        return hash;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
