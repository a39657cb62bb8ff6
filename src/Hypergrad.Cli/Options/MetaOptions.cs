using System.CommandLine;
using Hypergrad.MetaOptimization;

namespace Hypergrad.Cli.Options;

/// <summary>How the hyperparameters are moved.</summary>
internal sealed class MetaOptions
{
    private static readonly Dictionary<string, Func<double, MetaOptimizer>> Optimizers = new()
    {
        ["adam"] = stepSize => new Adam(stepSize),
        ["rmsprop"] = stepSize => new RmsProp(stepSize),
        ["sgd"] = stepSize => new Sgd(stepSize),
        ["sign"] = stepSize => new SignDescent(stepSize),
    };

    private readonly Option<int> metaSteps = new("--meta-steps")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "how many updates of the hyperparameters",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<int> startSearch = new("--start-search")
    {
        CustomParser = StrictNumber.Whole<int>,
        Description = "how many plain trainings look for better constants to start from, before the first update",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> patience = new("--patience")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "end after so many meta-steps without a lower validation loss",
    };

    private readonly Option<string> metaOptimizer = new("--meta-optimizer")
    {
        Description = "what moves the hyperparameters: " + string.Join(", ", Optimizers.Keys),
        DefaultValueFactory = _ => "adam",
    };

    private readonly Option<double> stepSize = new("--meta-step-size")
    {
        CustomParser = StrictNumber.Real,
        Description = "how far an update goes, in logarithms of learning rates and logits of momenta",
        DefaultValueFactory = _ => 0.1,
    };

    private readonly Option<double?> clipNorm = new("--clip-norm")
    {
        CustomParser = argument => StrictNumber.Real(argument),
        Description = "shorten hypergradients longer than this",
    };

    private readonly Option<double?> clipEntry = new("--clip-entry")
    {
        CustomParser = argument => StrictNumber.Real(argument),
        Description = "cut entries of hypergradients larger than this",
    };

    private readonly Option<bool> freshSeeds = new("--fresh-seeds")
    {
        Description = "train from other seeds at every meta-step, instead of the same",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { metaSteps, startSearch, patience, metaOptimizer, stepSize, clipNorm, clipEntry, freshSeeds })
            command.Options.Add(option);
    }

    /// <summary>The options asked for, as far as they are about meta-optimisation.</summary>
    public TuningOptions Read(ParseResult parsed) => new()
    {
        MetaSteps = parsed.GetValue(metaSteps),
        StartTrials = parsed.GetValue(startSearch),
        Patience = parsed.GetValue(patience),
        FreshSeeds = parsed.GetValue(freshSeeds),
        MetaOptimizer = Choice.Of("--meta-optimizer", parsed.GetValue(metaOptimizer)!, Optimizers)(parsed.GetValue(stepSize)) with
        {
            Clipping = new GradientClipping { Norm = parsed.GetValue(clipNorm), Entry = parsed.GetValue(clipEntry) },
        },
    };
}
