using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Optimizers;

namespace Hypergrad.Experiments.Papers;

/// <summary>Learning rates and momenta for every step and tensor.</summary>
internal sealed class SchedulesExperiment : Experiment
{
    public override string Name => "schedules";

    public override string Title => "Learning-rate and momentum schedules, a value for every step and tensor";

    public override string Source => PaperNetwork.Reference + "section 4.1, figures 2 to 4";

    public override string SourceFound =>
        "A network of four layers is trained in 100 steps; every step and tensor has a learning rate and a momentum of its own, and "
        + "hypergradient descent with Adam tunes all of them in 50 meta-steps. The learned schedule takes large steps only in the topmost "
        + "layer at first, then larger ones in the first layer, and small ones everywhere in the last ten steps. The schedules of momentum "
        + "showed less structure.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = PaperNetwork.Images(laboratory);
        int steps = PaperNetwork.Steps(laboratory), metaSteps = laboratory.Pick(15, 50, 50);
        var run = PaperNetwork.Run(laboratory, train, new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, Math.Exp(-1)),
            Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.5),
        }, Scale.Per(Sharing.Tensor, Math.Exp(-3)));
        var tuned = new Tuning(run, validation, new()
        {
            MetaSteps = metaSteps,
            Test = test,
            MetaOptimizer = new Adam(0.1),
            FreshSeeds = true,
        }).Run();
        int trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var random = PaperNetwork.RandomConstants(laboratory, train, validation, test, trainings);
        return Report(laboratory, tuned, random, trainings);
    }

    private static Study Report(Laboratory laboratory, TuningResult tuned, Judgement random, int trainings)
    {
        var rates = new WeightRates(tuned.Learned, tuned.Learned.Hyperparameters!.Optimizer);
        var (before, after) = (Judgement.Of(tuned.Before), Judgement.Of(tuned.After));
        double late = rates.Mean(0.9, 1), middle = rates.Mean(0.1, 0.9);
        double top = rates.OfLayer(^1, 0, 0.1), bottom = rates.OfLayer(0, 0, 0.1);
        double gain = random.Test / after.Test;
        return new(
            $"{tuned.Learned.Network}, tanh, {tuned.Learned.Steps} steps of {tuned.Learned.BatchSize}; {tuned.Learned.Training.Count} "
                + $"training "
                + $"images and half as many each to validate and to test: {laboratory.DataName}. {tuned.Records.Count - 1} meta-steps of "
                + $"Adam.",
            $"Schedules of {2 * tuned.Learned.Network.Tensors.Count * tuned.Learned.Steps} values take the test loss from "
                + $"{Figures.Of(before.Test)} "
                + $"to {Figures.Of(after.Test)}; three constants by random search reach {Figures.Of(random.Test)}.",
            $"The test loss falls from {Figures.Of(before.Test)} to {Figures.Of(after.Test)}; random search over three constants at the "
                + $"same budget reaches {Figures.Of(random.Test)}, so that the schedules "
                + $"{(gain > 1.02 ? "win" : gain > 0.98 ? "come out level" : "lose")}. The learning rates "
                + $"{(late < middle ? "fall" : "do not fall")} at the end, as in the paper, and at first the topmost layer's are "
                + $"{(top > bottom ? "larger than the first layer's, as" : "not larger than the first layer's, unlike")} in the paper.",
            [
                new("Hypergradient descent lowers the loss after "
                    + "training.", after.Test < before.Test && after.Validation < before.Validation,
                    $"Test loss {Figures.Of(before.Test)} before, {Figures.Of(after.Test)} after."),
                new("All layers take smaller steps in the last tenth of training.", late < middle,
                    $"Geometric mean of the weights' learning rates: {Figures.Of(late)} in the last tenth, {Figures.Of(middle)} before."),
                new("The schedule starts by taking larger steps in the topmost layer than in the first.", top > bottom,
                    $"Geometric mean over the first tenth: {Figures.Of(top)} in the topmost layer, {Figures.Of(bottom)} in the first."),
            ],
            [
                LearningCharts.Meta(tuned),
                LearningCharts.Elementary(tuned),
                rates.Chart(Quantity.LearningRate, "Learned learning rates of the weights", "learning rate", isLogarithmic: true),
                rates.Chart(Quantity.Momentum, "Learned momenta of the weights", "momentum", isLogarithmic: false),
                Comparison.Of("A hypergradient counts as four trainings; random search draws one learning rate, momentum and initial "
                    + "scale.",
                    ("start, not tuned", before, 1), ("random search of constants", random, trainings), ("learned "
                        + "schedules", after, trainings)),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("learned schedules", after, "random search of three constants", random),
            ],
        };
    }
}
