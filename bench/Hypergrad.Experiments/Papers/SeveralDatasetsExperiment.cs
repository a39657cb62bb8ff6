using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Scales and schedules tuned on several datasets at once, judged on one that they never saw.</summary>
internal sealed class SeveralDatasetsExperiment : Experiment
{
    public override string Name => "several-datasets";

    public override string Title => "Several datasets, one set of hyperparameters";

    public override string Source =>
        "The discussion of Maclaurin, Duvenaud, Adams (2015): do learned hyperparameters carry over to other data?";

    public override string SourceFound =>
        "Nothing yet: it was asked for. A schedule that is tuned on one dataset may be good for that one alone. Tuned on the mean of "
            + "several "
        + "datasets' validation losses, initial scales and schedules should be good for a dataset that none of them is.";

    /// <summary>Hyperparameters after meta-steps on some problems, and the mean validation loss of each step.</summary>
    private sealed record Learned(HyperparameterSet Set, double[] Losses);

    public override Study Run(Laboratory laboratory)
    {
        var problems = SeveralDatasets.Make(laboratory);
        Problem[] seen = problems[..^1];
        int metaSteps = laboratory.Pick(10, 25, 60), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps * seen.Length;
        var shared = Descend(laboratory, seen, metaSteps);
        // As many hypergradients, all of them of the one that is otherwise left out.
        var own = Descend(laboratory, problems[^1..], metaSteps * seen.Length);
        var random = RandomConstants(laboratory, seen, trainings / seen.Length);
        var start = Start(laboratory);
        var rows = new (string Name, HyperparameterSet Set, int Trainings)[]
        {
            ("start, not tuned", start, seen.Length),
            ("constants by random search on the several", random, trainings),
            ("schedules and scales tuned on the several", shared.Set, trainings),
            ("tuned on the left-out one itself", own.Set, trainings),
        };
        return Report(laboratory, problems, shared, [.. rows.Select(row =>
            (row.Name, problems.Select(problem => Judge(laboratory, problem, row.Set)).ToArray(), row.Trainings))]);
    }

    private static HyperparameterSet Start(Laboratory laboratory)
    {
        int steps = laboratory.Pick(40, 80, 100);
        return new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.PerStep(steps, Sharing.Tensor, 0.1),
                Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.5),
            },
            InitialScale = Scale.PerFanIn(Sharing.Tensor, 0.5),
        };
    }

    private static HyperparameterSet Constants(int steps, double rate, double momentum, double scale) => new()
    {
        Optimizer = new Momentum
        {
            LearningRate = Schedule.Constant(steps, Sharing.All, rate).Fixed(),
            Coefficient = Schedule.Constant(steps, Sharing.All, momentum).Fixed(),
        },
        InitialScale = Scale.PerFanIn(Sharing.Tensor, scale).Fixed(),
    };

    // Every network has the same tensors, whatever their sizes, so that one set fits all of them.
    private static TrainingRun RunOf(Laboratory laboratory, Problem problem, HyperparameterSet set)
    {
        int units = laboratory.Pick(12, 32, 50);
        return new(Network.Mlp([problem.Train.InputSize, units, units, problem.Train.TargetSize], Activation.Tanh), problem.Train, set)
        {
            BatchSize = laboratory.Pick(30, 50, 100),
            Seed = laboratory.Seed,
        };
    }

    private static Learned Descend(Laboratory laboratory, Problem[] problems, int metaSteps)
    {
        var optimizer = new Adam(0.1);
        TrainingRun[] runs = [.. problems.Select(problem => RunOf(laboratory, problem, Start(laboratory)))];
        double[] vector = runs[0].Hyperparameters!.ToVector(runs[0].Network);
        var state = optimizer.Start(vector.Length);
        var losses = new List<double>();
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            Hypergradient[] gradients = [.. runs.Zip(problems, (run, problem) => Hypergradient.Exact(run, problem.Validation))];
            losses.Add(gradients.Average(gradient => gradient.ValidationLoss));
            double[] mean = [.. vector.Select((_, i) => gradients.Average(gradient => gradient.Coordinates[i]))];
            (double[] change, state) = optimizer.Update(state, mean);
            vector = [.. vector.Zip(change, (coordinate, by) => coordinate + by)];
            runs = [.. runs.Select(run => run.With(run.Hyperparameters!.WithVector(run.Network, vector)))];
        }
        losses.Add(runs.Zip(problems, (run, problem) => ValidationLoss(run, problem)).Average());
        return new(runs[0].Hyperparameters!, [.. losses]);
    }

    private static HyperparameterSet RandomConstants(Laboratory laboratory, Problem[] problems, int trials)
    {
        var random = new Random(unchecked((int)laboratory.Seed));
        int steps = Start(laboratory).Optimizer.Steps;
        return Enumerable.Range(0, trials)
            .Select(_ => Constants(steps, RandomSearch.LogUniform(random.NextDouble(), 0.03, 3),
                1 - RandomSearch.LogUniform(random.NextDouble(), 0.02, 0.9), RandomSearch.LogUniform(random.NextDouble(), 0.1, 3)))
            .MinBy(set => problems.Average(problem => ValidationLoss(RunOf(laboratory, problem, set), problem)))!;
    }

    private static double ValidationLoss(TrainingRun run, Problem problem) =>
        RandomSearch.TryJudge(run, problem.Validation, problem.Validation).Validation;

    private static Judgement Judge(Laboratory laboratory, Problem problem, HyperparameterSet set) =>
        RandomSearch.TryJudge(RunOf(laboratory, problem, set), problem.Validation, problem.Test);

    private static Study Report(
        Laboratory laboratory, Problem[] problems, Learned shared, (string Name, Judgement[] Judged, int Trainings)[] methods)
    {
        double LeftOut(int method) => methods[method].Judged[^1].Test;
        double Seen(int method) => methods[method].Judged[..^1].Average(judged => judged.Test);
        string left = problems[^1].Name;
        double gain = LeftOut(1) / LeftOut(2);
        return new(
            $"Tuned on {string.Join(", ", problems[..^1].Select(problem => problem.Name))}; left out: {laboratory.DataName}. "
                + $"{problems[0].Train.Count} training examples of each; tanh networks of two hidden layers and "
                + $"{shared.Set.Optimizer.Steps} steps; a learning rate and a momentum for each step and tensor and a scale for each "
                + "tensor.",
            $"Tuned on {problems.Length - 1} other datasets, schedules take the test loss on {left} from {Figures.Of(LeftOut(0))} to "
                + $"{Figures.Of(LeftOut(2))}; constants by random search on the same datasets reach {Figures.Of(LeftOut(1))}.",
            $"On {left}, of which no hypergradient knew, the test loss is {Figures.Of(LeftOut(2))}, beside {Figures.Of(LeftOut(0))} from "
                + "the "
                + $"start and {Figures.Of(LeftOut(1))} with the constants that random search found on the same datasets at the same "
                + "budget, so "
                + $"that the schedules {(gain > 1.02 ? "carry over better" : gain > 0.98 ? "carry over as well" : "carry over less well")} "
                + $"than constants. Tuned on {left} itself it is {Figures.Of(LeftOut(3))}. On the datasets seen the means are "
                + $"{Figures.Of(Seen(0))}, {Figures.Of(Seen(1))} and {Figures.Of(Seen(2))}.",
            [
                new("Tuned on several datasets, hyperparameters lower the mean test loss of those.", Seen(2) < Seen(0),
                    $"Mean test loss {Figures.Of(Seen(0))} before, {Figures.Of(Seen(2))} after."),
                new("They carry over to a dataset that was left out.", LeftOut(2) < LeftOut(0),
                    $"Test loss on {left} {Figures.Of(LeftOut(0))} before, {Figures.Of(LeftOut(2))} after."),
            ],
            [
                new Chart("Meta-learning curve", "The mean validation loss of the datasets seen.", new("meta-step"),
                    new("mean validation loss (nats)", IsLogarithmic: true), [Curve.OverSteps(null, shared.Losses)]),
                new WeightRates(RunOf(laboratory, problems[0], shared.Set), shared.Set.Optimizer).Chart(
                    Quantity.LearningRate, "Learned learning rates of the weights", "learning rate", isLogarithmic: true),
                new FigureTable("Test losses "
                    + "(nats)", "A hypergradient counts as four trainings. The last row is tuned on the data that the "
                    + "others do not see, with as many hypergradients.",
                    ["", .. problems[..^1].Select(problem => problem.Name), $"{left} (left out)", "its test error", "trainings"],
                    [.. methods.Select(method => (string[])
                        [method.Name, .. method.Judged.Select(judged => Figures.Of(judged.Test)),
                         Figures.Percent(method.Judged[^1].TestErrorRate), $"{method.Trainings}"])]),
            ])
        {
            Contests =
            [
                new("schedules and scales", "constants by random search", $"test loss on {left}, left out (nats)", LeftOut(2), LeftOut(1)),
                new("schedules and scales", "constants by random search", "mean test loss on the datasets seen (nats)", Seen(2), Seen(1)),
            ],
        };
    }
}
