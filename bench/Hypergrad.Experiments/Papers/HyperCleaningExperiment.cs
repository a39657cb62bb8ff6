using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>A weight for each training example finds the labels that are wrong.</summary>
internal sealed class HyperCleaningExperiment : Experiment
{
    private const double Rate = 0.5;

    public override string Name => "hyper-cleaning";

    public override string Title => "Hyper-cleaning: example weights that find wrong labels";

    public override string Source =>
        "Franceschi et al.: Forward and Reverse Gradient-Based Hyperparameter Optimization (arXiv:1703.01785, 2017), section 5.1";

    public override string SourceFound =>
        "Half of 5,000 training labels of MNIST are corrupted; each example has a weight between 0 and 1, tuned by hypergradients of the "
            + "loss "
        + "on 5,000 clean validation examples. The linear softmax comes close to an oracle that trains on the clean half (about 90 and "
        + "90.5 % "
        + "test accuracy; 87.7 % with equal weights), and the examples left out are the corrupted ones with an F1 of about 0.9.";

    public override Study Run(Laboratory laboratory)
    {
        var (data, validation, test) = laboratory.Images(
            laboratory.Pick(400, 4000, 4000), laboratory.Pick(400, 3000, 3000), laboratory.Pick(400, 3000, 3000));
        var labels = CorruptedLabels.Make(data, laboratory.Seed);
        int metaSteps = laboratory.Pick(20, 40, 200), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var methods = new (string Name, ExampleWeights Weights)[]
        {
            ("weights between 0 and 1", ExampleWeights.All(0.5).Bounded()),
            ("weights of mean 1", ExampleWeights.All().MeanOne()),
            ("unbounded weights", ExampleWeights.All()),
        };
        var learned = methods.Select(method => (method.Name, Tuned: new Tuning(
            RunOn(laboratory, labels.Corrupted, Rate, method.Weights), validation,
            new() { MetaSteps = metaSteps, Test = test, MetaOptimizer = new Adam(0.3) }).Run())).ToArray();
        var baselines = new (string, Judgement, int)[]
        {
            ("all examples, equal weights", Judge(labels.Corrupted, Rate), 1),
            ("the same, random search of the learning rate", RandomSearch.Run(uniform =>
                RunOn(laboratory, labels.Corrupted, RandomSearch.LogUniform(uniform(), 0.005, 5), null), trainings, laboratory.Seed,
                validation, test), trainings),
            ("random half of the examples", Judge(labels.Corrupted.Select([.. Enumerable.Range(0, data.Count / 2)]), Rate), 1),
            ("validation set alone", Judge(validation, Rate), 1),
            ("oracle: the clean half", Judge(labels.CleanHalf, Rate), 1),
            ("oracle: the true labels", Judge(labels.True, Rate), 1),
        };
        return Report(laboratory, labels, learned, baselines, trainings);

        Judgement Judge(Dataset train, double rate) => RandomSearch.Judge(RunOn(laboratory, train, rate, null), validation, test);
    }

    private static TrainingRun RunOn(Laboratory laboratory, Dataset train, double rate, ExampleWeights? weights)
    {
        int steps = laboratory.Pick(40, 100, 200);
        return new(Network.Mlp([784, 10]), train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, rate).Fixed(),
                Coefficient = Schedule.Constant(steps, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.Per(Sharing.All, 0.01).Fixed(),
            ExampleWeights = weights,
        })
        {
            BatchSize = laboratory.Pick(100, 400, 400),
            Seed = laboratory.Seed,
        };
    }

    private static Study Report(
        Laboratory laboratory, CorruptedLabels labels, (string Name, TuningResult Tuned)[] learned, (string, Judgement, int)[] baselines,
        int trainings)
    {
        double F1((string Name, TuningResult Tuned) method) =>
            labels.F1(Weights(method.Tuned), method.Tuned.Start.Hyperparameters!.ExampleWeights!.Initial);
        var bounded = learned[0];
        var (judged, uniform, oracle) = (Judgement.Of(bounded.Tuned.After), baselines[0].Item2, baselines[4].Item2);
        double f1 = F1(bounded);
        IEnumerable<Contest> Of(string baseline, Judgement theirs) => learned.Select(method => new Contest(
            method.Name, baseline, "test error", Judgement.Of(method.Tuned.After).TestErrorRate, theirs.TestErrorRate));
        return new(
            $"Linear softmax, {bounded.Tuned.Learned.Steps} steps of {bounded.Tuned.Learned.BatchSize} on {labels.True.Count} images "
                + $"({laboratory.DataName}) of which "
                + $"{labels.IsCorrupted.Count(wrong => wrong)} have a wrong label; {bounded.Tuned.Records.Count - 1} meta-steps of Adam.",
            $"Learned weights find the wrong labels with an F1 of {Figures.Of(f1)} and take the test accuracy from {Accuracy(uniform)} to "
                + $"{Accuracy(judged)}; an oracle has {Accuracy(oracle)}, the validation set alone {Accuracy(baselines[3].Item2)}.",
            $"With weights between 0 and 1 the test accuracy is {Accuracy(judged)}, beside {Accuracy(uniform)} with equal weights and "
                + $"{Accuracy(oracle)} for an oracle that trains on the clean half; weights that fell find the corrupted labels with an "
                + $"F1 of "
                + $"{Figures.Of(f1)}. Training on the validation set alone gives {Accuracy(baselines[3].Item2)}, which the cleaning has "
                + $"to beat "
                + $"to be worth its while: it {(judged.TestErrorRate < baselines[3].Item2.TestErrorRate ? "does" : "does not")}. Unbounded "
                + $"weights grow to a mean of {Figures.Of(Weights(learned[2].Tuned).Average())}, which acts as a larger learning rate.",
            [
                new("Learned weights train better than equal ones.", judged.TestErrorRate < uniform.TestErrorRate,
                    $"Test accuracy {Accuracy(judged)}, {Accuracy(uniform)} with equal weights."),
                new("The weights find the wrong labels.", f1 > 0.7,
                    $"F1 {Figures.Of(f1)}, held above 0.7; leaving out everything would give {Figures.Of(2.0 / 3)}."),
            ],
            [
                WeightChart(labels, Weights(bounded.Tuned)),
                LearningCharts.Meta(bounded.Tuned),
                Comparison.Of("A hypergradient counts as four trainings.", [.. baselines, .. learned.Select(method =>
                    ($"{method.Name}, F1 {Figures.Of(F1(method))}", Judgement.Of(method.Tuned.After), trainings))]),
            ])
        {
            Contests =
            [
                .. Of("all examples, the learning rate by random search", baselines[1].Item2),
                .. Of("training on the validation set alone", baselines[3].Item2),
            ],
        };
    }

    private static double[] Weights(TuningResult tuned) => tuned.Learned.Hyperparameters!.ExampleWeights!.Values!;

    private static string Accuracy(Judgement judged) => Figures.Percent(1 - judged.TestErrorRate);

    private static Chart WeightChart(CorruptedLabels labels, double[] weights)
    {
        double[] Sorted(bool corrupted) => [.. weights.Where((_, example) => labels.IsCorrupted[example] == corrupted).Order()];
        Curve Of(string name, double[] sorted, int colour) =>
            new(name, [.. sorted.Select((_, i) => 100.0 * (i + 1) / sorted.Length)], sorted) { Colour = colour };
        return new("The learned weights", "Sorted, those of right and of wrong labels apart; all started at 0.5.",
            new("share of the examples with this weight or less (%)"), new("example weight"),
            [Of("right label", Sorted(false), 1), Of("wrong label", Sorted(true), 2)]);
    }
}
