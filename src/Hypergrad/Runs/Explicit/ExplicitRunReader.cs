using System.Text.Json;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Json;
using Hypergrad.Networks;

namespace Hypergrad.Runs.Explicit;

/// <summary>
/// Reads the explicit run format: one JSON object of layers, activation, loss, groups, data, batches, schedules and penalties.
/// </summary>
public static class ExplicitRunReader
{
    private static readonly Dictionary<string, Activation> Activations = new()
    {
        ["tanh"] = Activation.Tanh,
        ["relu"] = Activation.Relu,
        ["sigmoid"] = Activation.Sigmoid,
        ["softplus"] = Activation.Softplus,
        ["gelu"] = Activation.Gelu,
        ["identity"] = Activation.Identity,
    };

    private static readonly Dictionary<string, Loss> Losses = new()
    {
        ["softmax-cross-entropy"] = Loss.SoftmaxCrossEntropy,
        ["squared"] = Loss.Squared,
    };

    private static readonly Dictionary<string, Sharing> Groups = new()
    {
        ["tensor"] = Sharing.Tensor,
        ["layer"] = Sharing.Layer,
        ["all"] = Sharing.All,
    };

    /// <summary>The names of the activations, as files and options spell them.</summary>
    public static IReadOnlyDictionary<string, Activation> ActivationNames => Activations;

    /// <summary>The names of the losses, as files and options spell them.</summary>
    public static IReadOnlyDictionary<string, Loss> LossNames => Losses;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file is missing or is not such a run; the message names the file and the JSON path.</exception>
    public static ExplicitRun Read(string path) => JsonFile.Read(path, Read);

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="DataException">It is not such a run; the message names the JSON path.</exception>
    /// <exception cref="ConfigurationException">It is one that makes no sense.</exception>
    public static ExplicitRun Read(JsonElement root)
    {
        var file = new JsonValue(root, "$");
        file.RequireOnly("layers", "activation", "loss", "groups", "train", "validation", "batches", "initialWeights", "learningRate",
            "momentum", "l2", "l1", "expected", "expectedDrmad");
        var model = new Mlp(
            file.Field("layers").Integers(), file.Field("activation").Choice(Activations), file.Field("loss").Choice(Losses));
        var grouping = new WeightGrouping(model, file.Field("groups").Choice(Groups));

        var train = file.Field("train");
        train.RequireOnly("inputs", "targets", "weights");
        var training = ReadDataset(train, model);
        var validation = file.Field("validation");
        validation.RequireOnly("inputs", "targets");

        var batches = file.Field("batches");
        var minibatches = ReadBatches(batches, training.Count);
        var raw = new RawRun
        {
            LearningRate = new ScheduleTable(grouping, ReadSchedule(file.Field("learningRate"), grouping, batches), "learning rate"),
            Momentum = new ScheduleTable(grouping, ReadSchedule(file.Field("momentum"), grouping, batches), "momentum"),
            InitialWeights = InitialWeights.Explicit(file.Field("initialWeights").Numbers(model.ParameterCount, "weight")),
            Minibatches = minibatches,
            L2 = ReadPenalty(file.Optional("l2"), model, "L2"),
            L1 = ReadPenalty(file.Optional("l1"), model, "L1"),
            ExampleWeights = train.Optional("weights")?.Numbers(training.Count, "training example"),
        };
        var run = new TrainingRun(model, training, raw);
        run.Validate();
        return new(run, ReadDataset(validation, model));
    }

    private static Dataset ReadDataset(JsonValue data, Mlp model)
    {
        var inputs = data.Field("inputs");
        var targets = data.Field("targets");
        if (inputs.Count != targets.Count)
            throw new DataException($"{data.Path}: {inputs.Count} inputs and {targets.Count} targets; there must be one target per input.");
        return new(new Table(inputs.Rows(model.InputSize, "input of the network"), model.InputSize),
            new Table(targets.Rows(model.OutputSize, "output of the network"), model.OutputSize));
    }

    private static double[] ReadSchedule(JsonValue schedule, WeightGrouping grouping, JsonValue batches)
    {
        if (schedule.Count != batches.Count)
            throw new DataException($"{schedule.Path}: {schedule.Count} steps where $.batches has {batches.Count}.");
        return schedule.Rows(grouping.Count, "group");
    }

    private static ExplicitMinibatches ReadBatches(JsonValue batches, int examples) =>
        new([.. batches.Items().Select(batch => batch.Integers())], examples, batches.Path);

    private static PenaltyTable? ReadPenalty(JsonValue? penalty, Mlp model, string name) => penalty is not { } given
        ? null
        : new PenaltyTable(new WeightGrouping(model, Sharing.Weight), given.Numbers(model.ParameterCount, "weight"), name);
}
