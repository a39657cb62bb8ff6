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
    private const double StartRate = 0.3, StartMomentum = 0.8, StartPenalty = 1e-4;

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
        int steps = laboratory.Pick(20, 50, 100);
        var (outcomes, random) = (new List<Outcome>(), new List<Judgement>());
        foreach (int size in sizes)
        {
            var guide = validation.Select([.. Enumerable.Range(0, size)]);
            foreach (var (name, set) in Sets(steps))
                outcomes.Add(Tune(laboratory, name, set, train, guide, test));
            random.Add(RandomSearch.Run(uniform => RunOn(laboratory, train, Constants(steps, RandomSearch.LogUniform(uniform(), 0.03, 3),
                    1 - RandomSearch.LogUniform(uniform(), 0.02, 0.9), RandomSearch.LogUniform(uniform(), 1e-6, 1e-1))),
                RandomSearch.TrainingsPerHypergradient * MetaSteps(laboratory), laboratory.Seed, guide, test));
        }
        return Report(laboratory, sizes, outcomes, random,
            [.. sizes.Select(size => RandomSearch.Judge(RunOn(laboratory, train, Constants(steps, StartRate, StartMomentum, StartPenalty)),
                validation.Select([.. Enumerable.Range(0, size)]), test))]);
    }

    private static int MetaSteps(Laboratory laboratory) => laboratory.Pick(15, 40, 100);

    private static HyperparameterSet Constants(int steps, double rate, double momentum, double penalty) => new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.Constant(steps, Sharing.All, rate),
            Coefficient = Schedule.Constant(steps, Sharing.All, momentum),
        },
        InitialScale = Scale.PerFanIn(Sharing.Tensor, 1).Fixed(),
        L2 = Penalty.Per(Sharing.All, penalty),
    };

    private static IEnumerable<(string Name, HyperparameterSet Set)> Sets(int steps)
    {
        var few = Constants(steps, StartRate, StartMomentum, StartPenalty);
        yield return ("constants", few);
        yield return ("schedules", few with
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, StartRate),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, StartMomentum),
            },
        });
        yield return ("penalties of pixels", few with { L2 = Penalty.Per(Sharing.Input, StartPenalty) });
        yield return ("penalties of weights", few with { L2 = Penalty.Per(Sharing.Weight, StartPenalty) });
        yield return ("example weights", few with { ExampleWeights = ExampleWeights.All() });
    }

    private static Outcome Tune(
        Laboratory laboratory, string name, HyperparameterSet set, Dataset train, Dataset validation, Dataset test)
    {
        var run = RunOn(laboratory, train, set);
        var tuned = new Tuning(run, validation, new()
        {
            MetaSteps = MetaSteps(laboratory),
            Test = test,
            MetaOptimizer = new Adam(0.2),
        }).Run();
        return new(name, run.Hyperparameters!.ToVector(run.Network).Length, validation.Count, Judgement.Of(tuned.After),
            tuned.After.TrainingLoss);
    }

    private static TrainingRun RunOn(Laboratory laboratory, Dataset train, HyperparameterSet set) =>
        new(Network.Mlp([784, 50, 10], Activation.Tanh), train, set)
        {
            BatchSize = laboratory.Pick(50, 100, 100),
            Seed = laboratory.Seed,
        };

    private static Study Report(
        Laboratory laboratory, int[] sizes, List<Outcome> outcomes, List<Judgement> random, Judgement[] start)
    {
        double Gap(Outcome outcome) => outcome.Judged.Test - outcome.Judged.Validation;
        Outcome[] Of(int size) => [.. outcomes.Where(outcome => outcome.ValidationSize == size).OrderBy(outcome => outcome.Count)];
        Outcome[] smallest = Of(sizes[0]), largest = Of(sizes[^1]);
        double gapSmall = smallest.Max(Gap), gapLarge = largest.Max(Gap), gapFew = Gap(smallest[0]);
        var worst = smallest.MaxBy(Gap)!;
        var (bestSmall, bestLarge) = (smallest.MinBy(outcome => outcome.Judged.Test)!, largest.MinBy(outcome => outcome.Judged.Test)!);
        return new(
            $"784-50-10, tanh, on {laboratory.DataName}; each point is a whole tuning from the same start, by Adam.",
            $"The test loss exceeds the validation loss by up to {Figures.Of(gapSmall)} nats with {sizes[0]} validation images and by "
                + $"up to "
                + $"{Figures.Of(gapLarge)} with {sizes[^1]}; constants overfit less ({Figures.Of(gapFew)} with {sizes[0]}).",
            $"With {sizes[0]} validation images the test loss exceeds the validation loss by up to {Figures.Of(gapSmall)} nats "
                + $"({worst.Name}, {worst.Count} of them), and by {Figures.Of(gapFew)} with the {smallest[0].Count} constants; with "
                + $"{sizes[^1]} images by at most {Figures.Of(gapLarge)}. The lowest test loss with {sizes[0]} images is "
                + $"{Figures.Of(bestSmall.Judged.Test)} ({bestSmall.Name}), where random search of three constants has "
                + $"{Figures.Of(random[0].Test)}; with {sizes[^1]} it is {Figures.Of(bestLarge.Judged.Test)} ({bestLarge.Name}) and "
                + $"{Figures.Of(random[^1].Test)}. Without tuning it is {Figures.Of(start[0].Test)}.",
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
                .. sizes.Select(size => new Chart($"{size} validation images",
                    "Where each tuning ends: one point for each kind of hyperparameter, named in the table below by their "
                        + "number. What the validation loss lies below the test loss was fitted to the validation images alone.",
                    new("number of hyperparameters", IsLogarithmic: true), new("loss (nats)", IsLogarithmic: true),
                    [
                        Losses("training", 5, Of(size), outcome => outcome.Training),
                        Losses("test", 2, Of(size), outcome => outcome.Judged.Test),
                        Losses("validation", 1, Of(size), outcome => outcome.Judged.Validation),
                    ])),
                new FigureTable("In figures", $"Each row is a tuning of {RandomSearch.TrainingsPerHypergradient * MetaSteps(laboratory)} "
                        + "trainings; a hypergradient counts as four.",
                    ["hyperparameters", "how many", "validation images", "validation loss (nats)", "test loss (nats)", "test error"],
                    [
                        .. outcomes.Select(outcome => Row(outcome.Name, $"{outcome.Count}", outcome.ValidationSize, outcome.Judged)),
                        .. sizes.Zip(random, (size, judged) => Row("random search of three constants", "3", size, judged)),
                        .. sizes.Zip(start, (size, judged) => Row("start, not tuned (one training)", "0", size, judged)),
                    ]),
            ])
        {
            Contests =
            [
                .. sizes.Zip(random, (size, judged) => (Size: size, Judged: judged)).SelectMany(baseline => Of(baseline.Size).Select(
                    outcome => Contest.OfTestLoss($"{outcome.Name} with {baseline.Size} validation images", outcome.Judged,
                        "random search of three constants", baseline.Judged))),
            ],
        };
    }

    private static string[] Row(string name, string count, int size, Judgement judged) =>
        [name, count, $"{size}", Figures.Of(judged.Validation), Figures.Of(judged.Test), Figures.Percent(judged.TestErrorRate)];

    private static Curve Losses(string name, int colour, Outcome[] outcomes, Func<Outcome, double> loss) => new(
        name, [.. outcomes.Select(outcome => (double)outcome.Count)], [.. outcomes.Select(loss)])
    { Colour = colour, IsDots = true };
}
