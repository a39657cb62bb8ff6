using System.CommandLine;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;

namespace Hypergrad.Cli.Options;

/// <summary>The hyperparameters: what they start from, and which of them are tuned.</summary>
internal sealed class HyperparameterOptions
{
    private readonly Option<string[]> tune = new("--tune")
    {
        Description = "what is tuned, and who shares a value (all, layer, tensor, unit, input, weight): "
            + "learning-rate:tensor, momentum:layer:constant, initial-scale:tensor, l2:input, l1:weight, "
            + "inputs:0-9, targets:all, example-weights:all; "
            + "by default learning-rate:tensor momentum:tensor initial-scale:tensor",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["learning-rate:tensor", "momentum:tensor", "initial-scale:tensor"],
    };

    private readonly Option<int> steps = new("--steps")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "training steps",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<double> learningRate = new("--learning-rate")
    {
        CustomParser = StrictNumber.Real,
        Description = "the learning rate at the start",
        DefaultValueFactory = _ => 0.1,
    };

    private readonly Option<double> momentum = new("--momentum")
    {
        CustomParser = StrictNumber.Real,
        Description = "the momentum at the start",
        DefaultValueFactory = _ => 0.5,
    };

    private readonly Option<double> initialScale = new("--initial-scale")
    {
        CustomParser = StrictNumber.Real,
        Description = "the standard deviation of the initial weights at the start",
        DefaultValueFactory = _ => 0.05,
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

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { tune, start, steps, learningRate, momentum, initialScale, l2, l1 })
            command.Options.Add(option);
    }

    /// <summary>The hyperparameters asked for.</summary>
    /// <exception cref="DataException">The file to start from is bad, or is not of this network and training set.</exception>
    public HyperparameterSet Read(ParseResult parsed, Mlp model, Dataset training)
    {
        if (parsed.GetValue(start) is not { } file)
            return FromOptions(parsed);
        foreach (var option in new Option[] { tune, steps, learningRate, momentum, initialScale, l2, l1 })
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} and --start: the file already says it. Leave one of them out.");
        try
        {
            return HyperparameterFile.Read(file, model).For(model, training);
        }
        catch (ConfigurationException exception)
        {
            throw new DataException($"{file}: {exception.Message}", exception);
        }
    }

    private HyperparameterSet FromOptions(ParseResult parsed)
    {
        var targets = parsed.GetValue(tune)!.Select(TuneTarget.Parse).ToArray();
        if (targets.GroupBy(target => target.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"--tune names {twice.Key} twice; name it once.");
        TuneTarget? Find(string name) => targets.FirstOrDefault(target => target.Name == name);
        return new()
        {
            LearningRate = MakeSchedule(parsed, Find("learning-rate"), parsed.GetValue(learningRate)),
            Momentum = MakeSchedule(parsed, Find("momentum"), parsed.GetValue(momentum)),
            InitialScale = Find("initial-scale") is { } scale
                ? Scale.Per(scale.Sharing, parsed.GetValue(initialScale))
                : Scale.Per(Sharing.All, parsed.GetValue(initialScale)).Fixed(),
            L2 = MakePenalty(Find("l2"), parsed.GetValue(l2)),
            L1 = MakePenalty(Find("l1"), parsed.GetValue(l1)),
            TrainingInputs = Find("inputs") is { } inputs
                ? inputs.Examples is null ? TrainingInputs.All() : TrainingInputs.Of(inputs.Examples)
                : null,
            Targets = Find("targets") is { } soft
                ? soft.Examples is null ? SoftTargets.All() : SoftTargets.Of(soft.Examples)
                : null,
            ExampleWeights = Find("example-weights") is { } weights
                ? weights.Examples is null ? ExampleWeights.All() : ExampleWeights.Of(weights.Examples)
                : null,
        };
    }

    private Schedule MakeSchedule(ParseResult parsed, TuneTarget? target, double initial)
    {
        int count = parsed.GetValue(steps);
        if (target is null)
            return Schedule.Constant(count, Sharing.All, initial).Fixed();
        return target.IsPerStep ? Schedule.PerStep(count, target.Sharing, initial) : Schedule.Constant(count, target.Sharing, initial);
    }

    private static Penalty? MakePenalty(TuneTarget? target, double? initial)
    {
        if (target is not null)
            return Penalty.Per(target.Sharing, initial ?? 1e-6);
        return initial is { } value ? Penalty.Per(Sharing.All, value).Fixed() : null;
    }
}
