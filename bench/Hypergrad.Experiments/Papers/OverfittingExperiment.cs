using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Losses as the number of hyperparameters grows, for validation sets of several sizes.</summary>
internal sealed class OverfittingExperiment : Experiment
{
    public override string Name => "overfitting";

    public override string Title => "Overfitting the validation set with thousands of hyperparameters";

    public override string Source => PaperNetwork.Reference + "section 2.4 and its research log";

    public override string SourceFound =>
        "With thousands of hyperparameters the validation set can be overfitted as a training set is; how much depends on their number "
            + "and on "
        + "the size of the validation set. The paper raises the question and answers it with a few figures only.";

    private sealed record Outcome(string Name, int Count, int ValidationSize, Judgement Judged, double Training);

    public override Study Run(Laboratory laboratory)
    {
        int[] sizes = laboratory.Pick<int[]>([30, 300], [50, 300, 2000], [50, 300, 1000, 3000]);
        var (train, validation, test) = laboratory.Images(laboratory.Pick(300, 2000, 4000), sizes[^1], laboratory.Pick(500, 3000, 3000));
        var outcomes = new List<Outcome>();
        foreach (int size in sizes)
            foreach (var (name, set) in Sets(laboratory.Pick(20, 50, 100)))
                outcomes.Add(Tune(laboratory, name, set, train, validation.Select([.. Enumerable.Range(0, size)]), test));
        return Report(laboratory, sizes, outcomes);
    }

    private static IEnumerable<(string Name, HyperparameterSet Set)> Sets(int steps)
    {
        var constant = new Momentum
        {
            LearningRate = Schedule.Constant(steps, Sharing.All, 0.3),
            Coefficient = Schedule.Constant(steps, Sharing.All, 0.8),
        };
        var few = new HyperparameterSet
        {
            Optimizer = constant,
            InitialScale = Scale.PerFanIn(Sharing.Tensor, 1).Fixed(),
            L2 = Penalty.Per(Sharing.All, 1e-4),
        };
        yield return ("constants", few);
        yield return ("schedules", few with
        {
            Optimizer = constant with
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.3),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.8),
            },
        });
        yield return ("penalties of pixels", few with { L2 = Penalty.Per(Sharing.Input, 1e-4) });
        yield return ("penalties of weights", few with { L2 = Penalty.Per(Sharing.Weight, 1e-4) });
        yield return ("example weights", few with { ExampleWeights = ExampleWeights.All() });
    }

    private static Outcome Tune(
        Laboratory laboratory, string name, HyperparameterSet set, Dataset train, Dataset validation, Dataset test)
    {
        var run = new TrainingRun(Network.Mlp([784, 50, 10], Activation.Tanh), train, set)
        {
            BatchSize = laboratory.Pick(50, 100, 100),
            Seed = laboratory.Seed,
        };
        var tuned = new Tuning(run, validation, new()
        {
            MetaSteps = laboratory.Pick(15, 40, 100),
            Test = test,
            MetaOptimizer = new Adam(0.2),
        }).Run();
        return new(name, run.Hyperparameters!.ToVector(run.Network).Length, validation.Count, Judgement.Of(tuned.After),
            tuned.After.TrainingLoss);
    }

    private static Study Report(Laboratory laboratory, int[] sizes, List<Outcome> outcomes)
    {
        double Gap(Outcome outcome) => outcome.Judged.Test - outcome.Judged.Validation;
        Outcome[] Of(int size) => [.. outcomes.Where(outcome => outcome.ValidationSize == size).OrderBy(outcome => outcome.Count)];
        Outcome[] smallest = Of(sizes[0]), largest = Of(sizes[^1]);
        double gapSmall = smallest.Max(Gap), gapLarge = largest.Max(Gap), gapFew = Gap(smallest[0]);
        var worst = smallest.MaxBy(Gap)!;
        return new(
            $"784-50-10, tanh, on {laboratory.DataName}; each point is a whole tuning from the same start, by Adam.",
            $"With {sizes[0]} validation images the test loss exceeds the validation loss by up to {Figures.Of(gapSmall)} nats "
                + $"({worst.Name}, {worst.Count} of them), and by {Figures.Of(gapFew)} with the {smallest[0].Count} constants; with "
                + $"{sizes[^1]} "
                + $"images by at most {Figures.Of(gapLarge)}.",
            [
                new("A larger validation set is overfitted less.", gapLarge < gapSmall,
                    $"Largest gap between test and validation loss: {Figures.Of(gapSmall)} nats with {sizes[0]} images, "
                        + $"{Figures.Of(gapLarge)} "
                        + $"with {sizes[^1]}."),
                new("More hyperparameters can overfit a small validation set further.", gapSmall > gapFew,
                    $"With {sizes[0]} images: gap {Figures.Of(gapFew)} with {smallest[0].Count} of them, {Figures.Of(gapSmall)} with "
                        + $"{worst.Count}."),
            ],
            [
                .. sizes.Select(size => new Chart($"{size} validation images", "The losses that tuning ends with.",
                    new("number of hyperparameters", IsLogarithmic: true), new("loss (nats)", IsLogarithmic: true),
                    [
                        Losses("training", 5, Of(size), outcome => outcome.Training),
                        Losses("test", 2, Of(size), outcome => outcome.Judged.Test),
                        Losses("validation", 1, Of(size), outcome => outcome.Judged.Validation),
                    ])),
                new FigureTable("In figures", "Each row is a tuning.",
                    ["hyperparameters", "how many", "validation images", "validation loss (nats)", "test loss (nats)", "test error"],
                    [.. outcomes.Select(outcome => (string[])
                        [outcome.Name, $"{outcome.Count}", $"{outcome.ValidationSize}", Figures.Of(outcome.Judged.Validation),
                         Figures.Of(outcome.Judged.Test), Figures.Percent(outcome.Judged.TestErrorRate)])]),
            ]);
    }

    private static Curve Losses(string name, int colour, Outcome[] outcomes, Func<Outcome, double> loss) => new(
        name, [.. outcomes.Select(outcome => (double)outcome.Count)], [.. outcomes.Select(loss)])
    { Colour = colour };
}
