using System.CommandLine;
using Hypergrad.MetaOptimization;
using Hypergrad.Runs;

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

    // At equal cost, on digits and MNIST, with either optimizer, 32 trainings were better than none; 16 were sometimes worse.
    private const int DefaultStartTrials = 32;

    private readonly Option<int?> startSearch = new("--start-search")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = $"how many plain trainings look for better constants to start from, before the first update; by default "
            + $"{DefaultStartTrials}, or 0 with --start or where no constant is tuned",
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
        CompletionSources = { Optimizers.Keys.ToArray() },
    };

    private readonly Option<double> stepSize = new("--meta-step-size")
    {
        CustomParser = StrictNumber.Real,
        Description = "how far an update goes, in logarithms of learning rates and logits of momenta",
        DefaultValueFactory = _ => 0.1,
    };

    private readonly Option<int?> stepDecay = new("--meta-step-decay")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "halve how far an update goes over so many meta-steps, to a third over twice as many; by default only what is not "
            + "to be trusted is shortened",
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
        foreach (var option in new Option[]
        {
            metaSteps, startSearch, patience, metaOptimizer, stepSize, stepDecay, clipNorm, clipEntry, freshSeeds,
        })
            command.Options.Add(option);
    }

    /// <summary>The options asked for, as far as they are about meta-optimisation.</summary>
    /// <param name="parsed">What the user wrote.</param>
    /// <param name="run">The run that is tuned.</param>
    /// <param name="isLearned">Whether it starts from what an earlier tuning learned.</param>
    public TuningOptions Read(ParseResult parsed, TrainingRun run, bool isLearned) => new()
    {
        MetaSteps = parsed.GetValue(metaSteps),
        StartTrials = parsed.GetValue(startSearch)
            ?? (isLearned || StartConstant.Of(run.Hyperparameters!.Tuned(run.Network)).Count == 0 ? 0 : DefaultStartTrials),
        Patience = parsed.GetValue(patience),
        StepDecay = parsed.GetValue(stepDecay),
        FreshSeeds = parsed.GetValue(freshSeeds),
        MetaOptimizer = Choice.Of("--meta-optimizer", parsed.GetValue(metaOptimizer)!, Optimizers)(parsed.GetValue(stepSize)) with
        {
            Clipping = new GradientClipping { Norm = parsed.GetValue(clipNorm), Entry = parsed.GetValue(clipEntry) },
        },
    };
}
