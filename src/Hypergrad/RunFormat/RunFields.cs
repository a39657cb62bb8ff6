using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.RunFormat;

/// <summary>The fields that both formats have, read for a network.</summary>
internal sealed class RunFields
{
    private static readonly Dictionary<string, Sharing> Groups = new()
    {
        ["tensor"] = Sharing.Tensor,
        ["layer"] = Sharing.Layer,
        ["all"] = Sharing.All,
    };

    private readonly JsonValue file, batches;
    private readonly Network network;
    private readonly WeightGrouping grouping;

    public RunFields(JsonValue file, Network network)
    {
        (this.file, this.network) = (file, network);
        grouping = new(network, file.Field("groups").Choice(Groups));
        batches = file.Field("batches");
        if (batches.Count == 0)
            throw new DataException($"{batches.Path} is empty: a run needs at least one step.");
    }

    /// <summary>The tables of an optimizer's quantities: steps × groups, but for the constants.</summary>
    /// <param name="from">What has them as fields.</param>
    /// <param name="quantities">The quantities.</param>
    public OptimizerTables Tables(JsonValue from, IEnumerable<Quantity> quantities)
    {
        var tables = new OptimizerTables();
        foreach (var quantity in quantities)
        {
            var field = from.Field(quantity.Spelling);
            tables[quantity] = Format2.Constants.Contains(quantity)
                ? new(new(network, Sharing.All), [.. Enumerable.Repeat(field.Number(), batches.Count)], quantity.Name)
                : new(grouping, Schedule(field), quantity.Name);
        }
        return tables;
    }

    /// <summary>The run with its validation set.</summary>
    public ExplicitRun ToRun(RawOptimizer optimizer, ulong seed = 1)
    {
        var train = file.Field("train");
        var training = ReadDataset(train, "weights");
        var raw = new RawRun
        {
            Network = network,
            Training = training,
            Optimizer = optimizer,
            InitialWeights = InitialWeights.Explicit(file.Field("initialWeights").Numbers(network.ParameterCount, "weight")),
            Minibatches = new ExplicitMinibatches([.. batches.Items().Select(batch => batch.Integers())], training.Count, batches.Path),
            L2 = Penalty("l2", "L2"),
            L1 = Penalty("l1", "L1"),
            ExampleWeights = train.Optional("weights")?.Numbers(training.Count, "training example"),
            Seed = seed,
        };
        return new(new TrainingRun(raw), ReadDataset(file.Field("validation")));
    }

    private Dataset ReadDataset(JsonValue data, params string[] more)
    {
        bool tokens = network.Input.IsTokens;
        data.RequireOnly([tokens ? "tokens" : "inputs", "targets", "targetClasses", .. more]);
        var inputs = data.Field(tokens ? "tokens" : "inputs");
        var classes = data.Optional("targetClasses");
        if (classes is not null && data.Optional("targets") is not null)
            throw new DataException($"{data.Path}: give targets or targetClasses, not both.");
        var targets = classes ?? data.Field("targets");
        if (inputs.Count != targets.Count)
            throw new DataException($"{data.Path}: {inputs.Count} inputs and {targets.Count} targets; there must be one target per input.");
        int columns = classes is null ? network.OutputShape.Count : network.OutputShape.Positions;
        var dataset = new Dataset(
            new Table(inputs.Rows(network.InputSize, tokens ? "token" : "input of the network"), network.InputSize),
            new Table(targets.Rows(columns, classes is null ? "output of the network" : "position"), columns))
        {
            HasClassTargets = classes is not null,
        };
        try
        {
            RawRun.RequireFit(network, dataset, data.Path);
        }
        catch (ConfigurationException exception)
        {
            throw new DataException(exception.Message, exception);
        }
        return dataset;
    }

    private double[] Schedule(JsonValue schedule) => schedule.Count == batches.Count
        ? schedule.Rows(grouping.Count, "group")
        : throw new DataException($"{schedule.Path}: {schedule.Count} steps where $.batches has {batches.Count}.");

    private PenaltyTable? Penalty(string field, string name) => file.Optional(field) is { } penalty
        ? new(new(network, Sharing.Weight), penalty.Numbers(network.ParameterCount, "weight"), name)
        : null;
}
