using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>One initial scale for each tensor, beside 1/√fan-in.</summary>
internal sealed class InitialScalesExperiment : Experiment
{
    public override string Name => "initial-scales";

    public override string Title => "Initial scales, one for each tensor";

    public override string Source => PaperNetwork.Reference + "section 4.1, figures 6 and 7";

    public override string SourceFound =>
        "Each of the eight tensors of the four-layer network has an initial scale, tuned together with the schedules from a start of e⁻³. "
        + "The scale learned for the first layer's weights matches the rule 1/√fan-in; for the others the figure shows the rule as dashed "
        + "lines, without a claim.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = PaperNetwork.Images(laboratory);
        int steps = PaperNetwork.Steps(laboratory), metaSteps = laboratory.Pick(20, 50, 100);
        var run = PaperNetwork.Run(laboratory, train, new Momentum
        {
            LearningRate = Schedule.PerStep(steps, Sharing.Tensor, Math.Exp(-1)),
            Coefficient = Schedule.PerStep(steps, Sharing.Tensor, 0.5),
        }, Scale.Per(Sharing.Tensor, Math.Exp(-3)));
        var path = new List<double[]> { Scales(run) };
        var (first, last) = Descend(run, metaSteps, validation, test, path);
        var heuristic = RandomSearch.Judge(
            PaperNetwork.Run(laboratory, train, PaperNetwork.Constant(laboratory, Math.Exp(-1), 0.5),
                Scale.PerFanIn(Sharing.Tensor, 1).Fixed()), validation, test);
        int trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var random = PaperNetwork.RandomConstants(laboratory, train, validation, test, trainings);
        return Report(laboratory, run, path, Comparison.Of(
            "A hypergradient counts as four trainings. The rule 1/√fan-in is trained with the start's learning rate and momentum.",
            ("start, scale e⁻³", first, 1), ("1/√fan-in, not tuned", heuristic, 1), ("random search of constants", random, trainings),
            ("learned scales and schedules", last, trainings)), first, heuristic, last);
    }

    private static (Judgement First, Judgement Last) Descend(
        TrainingRun run, int metaSteps, Data.Dataset validation, Data.Dataset test, List<double[]> path)
    {
        var optimizer = new Adam(0.04);
        OptimizerState? state = null;
        Judgement? first = null;
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            var gradient = Hypergradient.Exact(run, validation, new() { Test = test });
            first ??= new(gradient.ValidationLoss, gradient.Test!.Value.Mean, gradient.TestErrorRate!.Value);
            run = run.With(optimizer.Step(gradient, ref state));
            path.Add(Scales(run));
        }
        return (first!, RandomSearch.Judge(run, validation, test));
    }

    private static double[] Scales(TrainingRun run) => run.Hyperparameters!.InitialScale.Values!;

    private static Study Report(
        Laboratory laboratory, TrainingRun run, List<double[]> path, FigureTable table, Judgement first, Judgement heuristic,
        Judgement last)
    {
        var network = run.Network;
        double rule = 1 / Math.Sqrt(network.InputSize), learned = path[^1][0];
        double ratio = learned / rule;
        return new(
            $"{network}, tanh, {run.Steps} steps of {run.BatchSize}, {laboratory.DataName}; {path.Count - 1} meta-steps of Adam "
                + $"over scales, learning rates and momenta.",
            $"The first layer's weights start at {Figures.Of(path[0][0])} and end at {Figures.Of(learned)}, {Figures.Of(ratio)} times the "
                + $"rule's "
                + $"{Figures.Of(rule)}. The test loss falls from {Figures.Of(first.Test)} to {Figures.Of(last.Test)}; the rule alone "
                + $"reaches "
                + $"{Figures.Of(heuristic.Test)} without any tuning.",
            [
                new("Scales tuned with schedules lower the loss after training.", last.Test < first.Test,
                    $"Test loss {Figures.Of(first.Test)} before, {Figures.Of(last.Test)} after."),
                new("The learned scale of the first layer's weights is close to 1/√fan-in.", ratio is > 0.5 and < 2,
                    $"Learned {Figures.Of(learned)}, the rule {Figures.Of(rule)}: a ratio of {Figures.Of(ratio)}, held between a half and "
                        + $"two."),
            ],
            [ScaleChart(network, path, 0, "weights"), ScaleChart(network, path, 1, "biases"), table]);
    }

    private static Chart ScaleChart(Network network, List<double[]> path, int first, string what)
    {
        var curves = new List<Curve>();
        for (int tensor = first; tensor < network.Tensors.Count; tensor += 2)
        {
            int place = tensor, layer = tensor / 2 + 1;
            curves.Add(Curve.OverSteps($"layer {layer}", [.. path.Select(scales => scales[place])]) with { Colour = layer });
            double rule = 1 / Math.Sqrt(network.Tensors[tensor - first].Rows);
            if (layer <= 2)
                curves.Add(Curve.OverSteps(layer == 1 ? "1/√fan-in, layer 1" : "1/√fan-in, the others", [.. path.Select(_ => rule)]) with
                {
                    Colour = layer,
                    IsDashed = true,
                });
        }
        return new($"Initial scales of the {what}", "Over meta-steps, one curve a layer; dashed the rule 1/√fan-in.", new("meta-step"),
            new("initial scale", IsLogarithmic: true), curves);
    }
}
