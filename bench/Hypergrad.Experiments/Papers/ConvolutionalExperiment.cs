using System.Diagnostics;
using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Hyperparameters of convolutional networks under AdamW, and DrMAD where it applies.</summary>
internal sealed class ConvolutionalExperiment : Experiment
{
    public override string Name => "convolutional";

    public override string Title => "Convolutional networks: schedules, weight decay and penalties of channels";

    public override string Source => "Fu et al.: DrMAD (arXiv:1601.00917, 2016), section 5, which plans it for VGG";

    public override string SourceFound =>
        "DrMAD approximates the way back through a training by the straight line between its ends, and was shown for dense networks; "
        + "convolutional ones were left to do. It is for momentum: of Adam's moments the line knows nothing.";

    /// <summary>A network, what was learned for it, and its baselines.</summary>
    private sealed record Outcome(string Name, TuningResult Tuned, Judgement Rate, Judgement Constants)
    {
        public Judgement Before => Judgement.Of(Tuned.Before);

        public Judgement After => Judgement.Of(Tuned.After);
    }

    /// <summary>Exact and approximate hypergradients of one run, and what descending each of them leads to.</summary>
    private sealed record Methods(
        GradientAccuracy[] Accuracy, double TimeRatio, TuningResult Exact, TuningResult DrMad, Judgement Random, string Refusal);

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = laboratory.Images(
            laboratory.Pick(100, 400, 4000), laboratory.Pick(80, 300, 2000), laboratory.Pick(80, 600, 4000));
        int metaSteps = laboratory.Pick(4, 8, 50), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var vgg = ConvolutionalNetworks.Vgg(laboratory);
        Outcome[] outcomes =
        [
            Tune("small VGG", vgg),
            Tune("residual network", ConvolutionalNetworks.Residual(laboratory)),
        ];
        return Report(laboratory, outcomes, Compare(laboratory, vgg, train, validation, test, metaSteps), trainings);

        Outcome Tune(string name, Network network)
        {
            var tuned = new Tuning(ConvolutionalNetworks.Tuned(laboratory, network, train), validation,
                new() { MetaSteps = metaSteps, Test = test, MetaOptimizer = new Adam(0.15) }).Run();
            TrainingRun OfRate(Func<double> uniform) => ConvolutionalNetworks.Constant(
                laboratory, network, train, RandomSearch.LogUniform(uniform(), 3e-4, 1e-1));
            TrainingRun OfConstants(Func<double> uniform) => ConvolutionalNetworks.Constant(
                laboratory, network, train, RandomSearch.LogUniform(uniform(), 3e-4, 1e-1),
                RandomSearch.LogUniform(uniform(), 1e-3, 1), RandomSearch.LogUniform(uniform(), 1e-6, 1e-2));
            return new(name, tuned, RandomSearch.Run(OfRate, trainings, laboratory.Seed, validation, test),
                RandomSearch.Run(OfConstants, trainings, laboratory.Seed, validation, test));
        }
    }

    private static Methods Compare(
        Laboratory laboratory, Network network, Dataset train, Dataset validation, Dataset test, int metaSteps)
    {
        var run = ConvolutionalNetworks.UnderMomentum(laboratory, network, train);
        Quantity[] quantities = [Quantity.L2, Quantity.Inputs, Quantity.ExampleWeights, Quantity.LearningRate];
        var accuracy = Hypergradient.DrMad(run, validation, new() { Quantities = quantities, MeasureAccuracy = true }).Accuracy;
        double exactTime = Time(() => Hypergradient.Exact(run, validation)), time = Time(() => Hypergradient.DrMad(run, validation));
        TuningResult Tune(HypergradientMethod method) => new Tuning(run, validation,
            new() { MetaSteps = metaSteps, Test = test, MetaOptimizer = new Adam(0.3), Method = method }).Run();
        var random = RandomSearch.Run(uniform => ConvolutionalNetworks.UnderMomentum(
                laboratory, network, train, RandomSearch.LogUniform(uniform(), 1e-5, 1e-1)),
            RandomSearch.TrainingsPerHypergradient * metaSteps, laboratory.Seed, validation, test);
        return new([.. accuracy], time / exactTime, Tune(new ReversibleMethod()), Tune(new DrMadMethod()), random,
            RefusalOf(ConvolutionalNetworks.Tuned(laboratory, network, train), validation));
    }

    // The better of two, so that neither pays for the compiler.
    private static double Time(Action action) => Enumerable.Range(0, 2).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    private static string RefusalOf(TrainingRun run, Dataset validation)
    {
        try
        {
            Hypergradient.DrMad(run, validation);
            return "";
        }
        catch (ConfigurationException exception)
        {
            return exception.Message;
        }
    }

    private static Study Report(Laboratory laboratory, Outcome[] outcomes, Methods methods, int trainings)
    {
        double Cosine(Quantity quantity) => methods.Accuracy.Single(accuracy => accuracy.Quantity == quantity).Cosine;
        string Verdict(Outcome outcome) => outcome.After.Test < outcome.Rate.Test ? "beats" : "loses against";
        var (exact, shortcut) = (Judgement.Of(methods.Exact.After), Judgement.Of(methods.DrMad.After));
        return new(
            $"A small VGG ({outcomes[0].Tuned.Learned.Network}) and a small residual network ({outcomes[1].Tuned.Learned.Network}), each "
                + $"trained in {outcomes[0].Tuned.Learned.Steps} steps of "
                + $"{outcomes[0].Tuned.Learned.BatchSize} on {outcomes[0].Tuned.Learned.Training.Count} images, {laboratory.DataName}. "
                + "Under "
                + "AdamW a learning rate for each step and layer, a weight decay at four knots of each layer and an L2 penalty for each "
                + $"channel are tuned in {trainings / RandomSearch.TrainingsPerHypergradient} meta-steps.",
            $"Schedules through AdamW end at test losses of {Figures.Of(outcomes[0].After.Test)} and {Figures.Of(outcomes[1].After.Test)}, "
                + $"a tuned constant learning rate at {Figures.Of(outcomes[0].Rate.Test)} and {Figures.Of(outcomes[1].Rate.Test)}; DrMAD's "
                + $"cosine for penalties is {Figures.Of(Cosine(Quantity.L2))}.",
            string.Join(" ", outcomes.Select(outcome =>
                $"{char.ToUpperInvariant(outcome.Name[0])}{outcome.Name[1..]}: the test loss falls from {Figures.Of(outcome.Before.Test)} "
                    + "to "
                + $"{Figures.Of(outcome.After.Test)}, which {Verdict(outcome)} a constant learning rate tuned at the same budget "
                + $"({Figures.Of(outcome.Rate.Test)})."))
                + $" DrMAD refuses AdamW. Under momentum its hypergradient of the VGG's penalties has a cosine of "
                + $"{Figures.Of(Cosine(Quantity.L2))} with the exact one, that of the learning rate "
                + $"{Figures.Of(Cosine(Quantity.LearningRate))}; "
                + $"it takes {Figures.Of(methods.TimeRatio)} times the exact one's time. Penalties tuned by it end at a test loss of "
                + $"{Figures.Of(shortcut.Test)}, by exact hypergradients at {Figures.Of(exact.Test)}.",
            [
                .. outcomes.Select(outcome => new Finding($"Hypergradients through AdamW lower the test loss of the {outcome.Name}.",
                    outcome.After.Test < outcome.Before.Test,
                    $"Test loss {Figures.Of(outcome.Before.Test)} before, {Figures.Of(outcome.After.Test)} after.")),
                new("DrMAD points the right way for the penalties of a convolutional network.", Cosine(Quantity.L2) > 0.5,
                    $"Cosine with the exact hypergradient {Figures.Of(Cosine(Quantity.L2))}, held above 0.5."),
                new("DrMAD is for momentum: it refuses AdamW.", methods.Refusal.Contains("momentum alone", StringComparison.Ordinal),
                    $"What it says: {(methods.Refusal.Length > 0 ? methods.Refusal : "nothing.")}"),
            ],
            [
                .. outcomes.Select(Rates),
                LearningCharts.Meta(outcomes[0].Tuned) with { Title = $"Meta-learning curve: {outcomes[0].Name}" },
                new FigureTable("DrMAD beside the exact hypergradient",
                    "Of the small VGG under momentum. 1: the same direction; 0: nothing in "
                        + "common.", ["with respect to", "cosine", "relative error"],
                    [.. methods.Accuracy.Select(accuracy => (string[])
                        [accuracy.Quantity.Name, Figures.Of(accuracy.Cosine), Figures.Of(accuracy.RelativeError)])]),
                Comparison.Of("A hypergradient counts as four trainings.",
                [
                    .. outcomes.SelectMany(outcome => new[]
                    {
                        ($"{outcome.Name}, start", outcome.Before, 1),
                        ($"{outcome.Name}, constant learning rate, tuned", outcome.Rate, trainings),
                        ($"{outcome.Name}, random search of three constants", outcome.Constants, trainings),
                        ($"{outcome.Name}, learned", outcome.After, trainings),
                    }),
                    ("VGG under momentum, start", Judgement.Of(methods.Exact.Before), 1),
                    ("VGG under momentum, random search of one penalty", methods.Random, trainings),
                    ("VGG under momentum, penalties by DrMAD", shortcut, trainings),
                    ("penalties of the VGG by exact hypergradients", exact, trainings),
                ]),
            ])
        {
            Contests =
            [
                .. outcomes.Select(outcome => Contest.OfTestLoss(
                    $"schedules and penalties of the {outcome.Name}", outcome.After, "a constant learning rate, tuned", outcome.Rate)),
                .. outcomes.Select(outcome => Contest.OfTestLoss(
                    $"schedules and penalties of the {outcome.Name}", outcome.After, "random search of three constants",
                    outcome.Constants)),
                Contest.OfTestLoss(
                    "penalties of the VGG by exact hypergradients", exact, "random search of one penalty", methods.Random),
                Contest.OfTestLoss("penalties of the VGG by DrMAD", shortcut, "random search of one penalty", methods.Random),
            ],
        };
    }

    private static Chart Rates(Outcome outcome)
    {
        var schedule = outcome.Tuned.Learned.Hyperparameters!.Optimizer.Schedules
            .First(entry => entry.Quantity == Quantity.LearningRate).Schedule;
        int layers = outcome.Tuned.Learned.Network.Depth, steps = outcome.Tuned.Learned.Steps;
        return new($"Learned learning rates: {outcome.Name}", "One curve for each layer with weights, from the input up.",
            new("training step"), new("learning rate", IsLogarithmic: true),
            [.. Enumerable.Range(0, layers).Select(layer => Curve.OverSteps($"layer {layer + 1}",
                [.. Enumerable.Range(0, steps).Select(step => schedule.Values![step * layers + layer])]))]);
    }
}
