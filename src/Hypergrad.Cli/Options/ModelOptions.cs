using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>The network, and how it is trained.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> network = new("--network")
    {
        Description = "any layers, in one line: \"conv 16 3 relu, pool 2, conv 32 3 relu, pool 2, dense 10\"; instead of --hidden. The "
            + $"layers are {string.Join(", ", LayerKinds.Names)}, and conv and pool for short",
    };

    private readonly Option<string?> hidden = new("--hidden")
    {
        Description = "the hidden layers of a multi-layer perceptron: 50-50-50 (the default), or none for a linear model",
    };

    private readonly Option<string?> layers = new("--layers")
    {
        Description = "all its layers, 784-50-50-50-10, which must fit the data; instead of --hidden",
    };

    private readonly Option<string> activation = new("--activation")
    {
        Description = $"of the hidden layers: {string.Join(", ", Spelling.Activations.Keys)}",
        DefaultValueFactory = _ => "tanh",
        CompletionSources = { Spelling.Activations.Keys.ToArray() },
    };

    private readonly Option<string?> loss = new("--loss")
    {
        Description = string.Join(", ", Spelling.Losses.Keys) + "; by default what suits the data",
        CompletionSources = { Spelling.Losses.Keys.ToArray() },
    };

    private readonly Option<int> batchSize = new("--batch-size")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "examples per training step",
        DefaultValueFactory = _ => 200,
    };

    private readonly Option<string> sampling = new("--sampling")
    {
        Description = "how minibatches are chosen: shuffled (epoch by epoch), with-replacement, full-batch",
        DefaultValueFactory = _ => "shuffled",
        CompletionSources = { Choice.Names<Sampling>().Keys.ToArray() },
    };

    private readonly Option<ulong> seed = new("--seed")
    {
        CustomParser = StrictNumber.Whole<ulong>,
        Description = "the seed of initial weights, minibatches and dropout masks",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> replicas = new("--replicas")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "how many seeds are trained side by side and averaged",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { network, hidden, layers, activation, loss, batchSize, sampling, seed, replicas })
            command.Options.Add(option);
    }

    /// <summary>Whether the network was given layer by layer.</summary>
    public bool IsGivenByLayers(ParseResult parsed) => parsed.GetValue(network) is not null;

    /// <summary>The loss asked for.</summary>
    public Loss LossFor(ParseResult parsed, Dataset data) => parsed.GetValue(loss) is { } name
        ? Choice.Of("--loss", name, Spelling.Losses)
        : data.ClassNames is null ? Loss.Squared : Loss.SoftmaxCrossEntropy;

    /// <summary>The network asked for.</summary>
    public Network Network(ParseResult parsed, Dataset data)
    {
        if (parsed.GetValue(network) is not { } text)
            return Networks.Network.Mlp(
                Sizes(parsed, data), Choice.Of("--activation", parsed.GetValue(activation)!, Spelling.Activations), LossFor(parsed, data));
        foreach (var option in new Option[] { hidden, layers, activation })
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} belongs to multi-layer perceptrons, and --network names every layer with its "
                    + "activation. Leave one of them out.");
        var input = data.ImageWidth is { } width && data.ImageHeight is { } height
            ? NetworkInput.Numbers(height, width, data.ImageChannels)
            : NetworkInput.Numbers(data.InputSize);
        try
        {
            return new(input, NetworkText.Read(text, input), LossFor(parsed, data));
        }
        catch (ConfigurationException exception)
        {
            throw new UsageException($"--network: {exception.Message}");
        }
    }

    /// <summary>Whether the user described a network, in whatever way.</summary>
    public bool DescribesNetwork(ParseResult parsed) =>
        new Option[] { network, hidden, layers, activation, loss }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>The run asked for, given its hyperparameters.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="given">The network.</param>
    /// <param name="training">The training set.</param>
    /// <param name="hyperparameters">The hyperparameters.</param>
    /// <param name="before">What an earlier run was trained with: it holds where the user says nothing else.</param>
    public TrainingRun Run(
        ParseResult parsed, Network given, Dataset training, HyperparameterSet hyperparameters, Provenance? before = null)
    {
        bool Holds(Option option) => before is not null && parsed.GetResult(option) is not { Implicit: false };
        return new(given, training, hyperparameters)
        {
            BatchSize = Holds(batchSize) ? before!.BatchSize : parsed.GetValue(batchSize),
            Sampling = Holds(sampling)
                ? before!.Sampling
                : Choice.Of("--sampling", parsed.GetValue(sampling)!, Choice.Names<Sampling>()),
            Seed = Holds(seed) ? before!.Seed : parsed.GetValue(seed),
            Replicas = parsed.GetValue(replicas),
        };
    }

    private List<int> Sizes(ParseResult parsed, Dataset data)
    {
        if (parsed.GetValue(layers) is not { } all)
            return [data.InputSize, .. Numbers("--hidden", parsed.GetValue(hidden) ?? "50-50-50"), data.TargetSize];
        return parsed.GetValue(hidden) is null
            ? Numbers("--layers", all)
            : throw new UsageException("--hidden and --layers say the same thing twice; give one of them.");
    }

    private static List<int> Numbers(string option, string text) => text == "none" ? [] : [.. text.Split('-').Select(part =>
        NumberText.TryWhole(part, out int size) && size > 0
            ? size
            : throw new UsageException(
                $"{option} {Quoted.Name(text)}: {Quoted.Of(part)} is not a layer size; every layer needs at least 1 unit. "
                    + "Write sizes joined by hyphens, such as 50-50-50."))];
}
