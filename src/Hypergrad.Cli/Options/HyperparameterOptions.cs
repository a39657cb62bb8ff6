using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Cli.Options;

/// <summary>The hyperparameters: what they start from, and which of them are tuned.</summary>
internal sealed class HyperparameterOptions
{
    // Tuned, a penalty cannot start from 0.
    private const double TunedPenalty = 1e-6;

    private readonly OptimizerOptions optimizer = new();

    private readonly Option<string[]?> tune = new("--tune")
    {
        Description = "what is tuned, and who shares a value (all, layer, tensor, unit, input, weight): learning-rate:tensor, "
            + "momentum:layer:constant, learning-rate:all:linear-10, weight-decay:layer:pieces-4, initial-scale:tensor, l2:input, "
            + "l1:weight, inputs:0-9, targets:all, example-weights:all; by default all schedules of the optimizer but epsilon, and "
            + "initial-scale, each :tensor. Dropout rates are not tuned",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double?> initialScale = new("--initial-scale")
    {
        CustomParser = argument => StrictNumber.Real(argument),
        Description = "the standard deviation of the initial weights at the start, times √fan-in where --scale-by-fan-in; by default 0.05, "
            + "or 1 where it is by fan-in",
    };

    private readonly Option<string> scaleByFanIn = new("--scale-by-fan-in")
    {
        Description = "whether the initial scale is relative to 1/√fan-in: yes, no, auto (yes with --network)",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<double?> l2 = new("--l2")
    {
        CustomParser = argument => StrictNumber.Real(argument),
        Description = "the L2 penalty at the start; by default none, or 1e-6 where it is tuned",
    };

    private readonly Option<double?> l1 = new("--l1")
    {
        CustomParser = argument => StrictNumber.Real(argument),
        Description = "the L1 penalty at the start; by default none, or 1e-6 where it is tuned",
    };

    private readonly Option<string?> start = new("--start")
    {
        Description = "start from the hyperparameters that an earlier tuning learned: its hyperparameters.json",
    };

    private IEnumerable<Option> Stating => [tune, .. optimizer.All, initialScale, scaleByFanIn, l2, l1];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(start);
        foreach (var option in Stating)
            command.Options.Add(option);
    }

    /// <summary>Whether they are taken from the file of an earlier tuning.</summary>
    public bool AreLearned(ParseResult parsed) => parsed.GetValue(start) is not null;

    /// <summary>The hyperparameters asked for.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="network">The network.</param>
    /// <param name="training">The training set.</param>
    /// <param name="isGivenByLayers">Whether the network was given layer by layer.</param>
    /// <exception cref="DataException">The file to start from is bad, or is not of this network and training set.</exception>
    public HyperparameterSet Read(ParseResult parsed, Network network, Dataset training, bool isGivenByLayers)
    {
        if (parsed.GetValue(start) is not { } file)
            return FromOptions(parsed, isGivenByLayers);
        foreach (var option in Stating)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} and --start: the file already says it. Leave one of them out.");
        try
        {
            return HyperparameterFile.Read(file, network).For(network, training);
        }
        catch (ConfigurationException exception)
        {
            throw new DataException($"{file}: {exception.Message}", exception);
        }
    }

    private HyperparameterSet FromOptions(ParseResult parsed, bool isGivenByLayers)
    {
        TuneTarget[] targets = parsed.GetValue(tune) is { Length: > 0 } given
            ? [.. given.Select(TuneTarget.Parse)]
            : [.. ByDefault(optimizer.Kind(parsed)).Select(quantity => new TuneTarget(quantity, Sharing.Tensor, default, 0, null))];
        if (targets.GroupBy(target => target.Quantity).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"--tune names {twice.Key.Option} twice; name it once.");
        TuneTarget? Find(Quantity quantity) => targets.FirstOrDefault(target => target.Quantity == quantity);
        return new()
        {
            Optimizer = optimizer.Read(parsed, Find),
            InitialScale = MakeScale(parsed, Find(Quantity.InitialWeights), isGivenByLayers),
            L2 = MakePenalty(Find(Quantity.L2), parsed.GetValue(l2)),
            L1 = MakePenalty(Find(Quantity.L1), parsed.GetValue(l1)),
            TrainingInputs = Find(Quantity.Inputs) is { } inputs
                ? inputs.Examples is null ? TrainingInputs.All() : TrainingInputs.Of(inputs.Examples)
                : null,
            Targets = Find(Quantity.Targets) is { } soft
                ? soft.Examples is null ? SoftTargets.All() : SoftTargets.Of(soft.Examples)
                : null,
            ExampleWeights = Find(Quantity.ExampleWeights) is { } weights
                ? weights.Examples is null ? ExampleWeights.All() : ExampleWeights.Of(weights.Examples)
                : null,
        };
    }

    private static IEnumerable<Quantity> ByDefault(Optimizer kind) => kind.Schedules.Select(entry => entry.Quantity)
        .Where(quantity => quantity != Quantity.Epsilon).Append(Quantity.InitialWeights);

    private Scale MakeScale(ParseResult parsed, TuneTarget? target, bool isGivenByLayers)
    {
        bool byFanIn = Choice.Of("--scale-by-fan-in", parsed.GetValue(scaleByFanIn)!,
            new Dictionary<string, bool> { ["auto"] = isGivenByLayers, ["yes"] = true, ["no"] = false });
        double initial = parsed.GetValue(initialScale) ?? (byFanIn ? 1 : 0.05);
        var sharing = target?.Sharing ?? Sharing.All;
        var scale = byFanIn ? Scale.PerFanIn(sharing, initial) : Scale.Per(sharing, initial);
        return target is null ? scale.Fixed() : scale;
    }

    private static Penalty? MakePenalty(TuneTarget? target, double? initial)
    {
        if (target is not null)
            return Penalty.Per(target.Sharing, initial ?? TunedPenalty);
        return initial is { } value ? Penalty.Per(Sharing.All, value).Fixed() : null;
    }
}
