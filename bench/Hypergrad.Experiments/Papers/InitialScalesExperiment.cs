using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;

namespace Hypergrad.Experiments.Papers;

/// <summary>One initial scale for each tensor, beside 1/√fan-in, on images as they are and on images of unit mean square.</summary>
internal sealed class InitialScalesExperiment : Experiment
{
    public override string Name => "initial-scales";

    public override string Title => "Initial scales, one for each tensor";

    public override string Source => PaperNetwork.Reference + "section 4.1, figures 6 and 7";

    public override string SourceFound =>
        "Each of the eight tensors of the four-layer network has an initial scale, tuned together with the schedules from a start of e⁻³. "
        + "The scale learned for the first layer's weights matches the rule 1/√fan-in; for the others the figure shows the rule as dashed "
        + "lines, without a claim.";

    /// <summary>What came out on images as they are, and on the same of mean square 1.</summary>
    private sealed record Outcome(
        ScaleDescent AsTheyAre, ScaleDescent AsTheyAreFresh, ScaleDescent Unit, ScaleDescent UnitFresh, double MeanSquare, Judgement Rule,
        Judgement Random, int Trainings)
    {
        /// <summary>The scale over the rule for inputs of that mean square, 1/√(fan-in · mean square).</summary>
        public double RatioToWidened => AsTheyAre.Ratio * Math.Sqrt(MeanSquare);
    }

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = PaperNetwork.Images(laboratory);
        double meanSquare = ScaledImages.MeanSquare(train);
        ImageSplit data = new(train, validation, test), unit = data.Times(1 / Math.Sqrt(meanSquare));
        int metaSteps = laboratory.Pick(20, 50, 100), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var rule = RandomSearch.Judge(
            PaperNetwork.Run(laboratory, train, PaperNetwork.Constant(laboratory, Math.Exp(-1), 0.5),
                Scale.PerFanIn(Sharing.Tensor, 1).Fixed()), validation, test);
        ScaleDescent Descend(ImageSplit of, bool isFresh) => ScaleDescent.Run(laboratory, of, metaSteps, isFresh);
        var outcome = new Outcome(Descend(data, false), Descend(data, true), Descend(unit, false), Descend(unit, true), meanSquare,
            rule, PaperNetwork.RandomConstants(laboratory, train, validation, test, trainings), trainings);
        return Report(laboratory, outcome, Scan(laboratory, data, unit));
    }

    private static Chart Scan(Laboratory laboratory, ImageSplit data, ImageSplit unit)
    {
        int seeds = laboratory.Pick(1, 3, 10), points = laboratory.Pick(5, 15, 29);
        double[] multiples = [.. Enumerable.Range(0, points).Select(i => Math.Pow(2, -3 + 7.0 * i / (points - 1)))];
        return new("What the first layer's scale costs",
            $"Mean over {seeds} seeds, with the start's learning rate and momentum and the rule for the other layers. Left of the rise the "
                + "scale hardly matters; on images of mean square 1 the rise comes earlier.",
            new("initial scale of the first layer's weights, in multiples of 1/√fan-in", IsLogarithmic: true),
            new("validation loss (nats)", IsLogarithmic: true),
            [
                new("images as they are", multiples, ScaleDescent.Scan(laboratory, data, multiples, seeds)),
                new("images of mean square 1", multiples, ScaleDescent.Scan(laboratory, unit, multiples, seeds)),
            ])
        { Marks = [(1, "the rule")] };
    }

    private static bool IsClose(double ratio) => ratio is > 0.5 and < 2;

    private static Study Report(Laboratory laboratory, Outcome outcome, Chart scan)
    {
        var (descent, unit) = (outcome.AsTheyAre, outcome.Unit);
        var network = descent.Learned.Network;
        double rule = 1 / Math.Sqrt(network.InputSize), learned = descent.Path[^1][0];
        return new(
            $"{network}, tanh, {descent.Learned.Steps} steps of {descent.Learned.BatchSize}, {laboratory.DataName}; "
                + $"{descent.Path.Count - 1} meta-steps of Adam over scales, learning rates and momenta.",
            $"The first layer's scale ends at {Figures.Of(descent.Ratio)} times 1/√fan-in on images as they are and at "
                + $"{Figures.Of(unit.Ratio)} times on images scaled to a mean square of 1, for which the rule is made.",
            $"On images whose pixels run from 0 to 1 the first layer's weights start at {Figures.Of(descent.Path[0][0])} and end at "
                + $"{Figures.Of(learned)}, {Figures.Of(descent.Ratio)} times the rule's {Figures.Of(rule)}: "
                + $"{(IsClose(descent.Ratio) ? "as in the paper" : "unlike in the paper")}. The rule keeps the sum of a unit's inputs at a "
                + "variance of 1 when the inputs' mean square is 1, and most pixels are black: theirs is "
                + $"{Figures.Of(outcome.MeanSquare)}, for which it would be 1/√(fan-in · {Figures.Of(outcome.MeanSquare)}), and the "
                + $"learned "
                + $"scale is {Figures.Of(outcome.RatioToWidened)} times that. To test the explanation the tuning was made again on "
                + $"the same "
                + $"images scaled to a mean square of 1: there it ends at {Figures.Of(unit.Ratio)} times 1/√fan-in. With fresh "
                + $"seeds in each meta-step the two are {Figures.Of(outcome.AsTheyAreFresh.Ratio)} and "
                + $"{Figures.Of(outcome.UnitFresh.Ratio)} times. The loss says little "
                + "about small scales, as the last picture shows: a first layer that starts below the rule trains as well. The test loss "
                + $"falls from {Figures.Of(descent.First.Test)} to {Figures.Of(descent.Last.Test)}; the rule alone reaches "
                + $"{Figures.Of(outcome.Rule.Test)} without any tuning.",
            [
                new("Scales tuned with schedules lower the loss after training.", descent.Last.Test < descent.First.Test,
                    $"Test loss {Figures.Of(descent.First.Test)} before, {Figures.Of(descent.Last.Test)} after."),
                new("The learned scale of the first layer's weights is close to 1/√fan-in.", IsClose(descent.Ratio),
                    $"Learned {Figures.Of(learned)}, the rule {Figures.Of(rule)}: a ratio of {Figures.Of(descent.Ratio)}, held between a "
                        + "half and two."),
                new("On images of mean square 1 it is close to 1/√fan-in.", IsClose(unit.Ratio),
                    $"Learned {Figures.Of(unit.Path[^1][0])}, the rule {Figures.Of(rule)}: a ratio of {Figures.Of(unit.Ratio)}, held "
                        + $"between "
                        + "a half and two."),
            ],
            [
                ScaleChart("Initial scales of the weights", network, descent, 0),
                ScaleChart("Initial scales of the weights, on images of mean square 1", network, unit, 0),
                ScaleChart("Initial scales of the biases", network, descent, 1),
                scan,
                new FigureTable("The first layer's scale", "The rule is 1/√fan-in; widened, 1/√(fan-in · mean square of the pixels). "
                        + "With fresh seeds each meta-step has initial weights and minibatches of its own.",
                    ["", "learned scale", "over the rule", "over the widened rule"],
                    [
                        Row("images as they are", descent, outcome.MeanSquare),
                        Row("images as they are, fresh seeds", outcome.AsTheyAreFresh, outcome.MeanSquare),
                        Row("images of mean square 1", unit, 1),
                        Row("images of mean square 1, fresh seeds", outcome.UnitFresh, 1),
                    ]),
                Comparison.Of(
                    "A hypergradient counts as four trainings. The rule 1/√fan-in is trained with the start's learning rate and momentum.",
                    ("start, scale e⁻³", descent.First, 1), ("1/√fan-in, not tuned", outcome.Rule, 1),
                    ("random search of constants", outcome.Random, outcome.Trainings),
                    ("learned scales and schedules", descent.Last, outcome.Trainings),
                    ("the same, images of mean square 1", unit.Last, outcome.Trainings)),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("learned scales and schedules", descent.Last, "random search of three constants", outcome.Random),
                Contest.OfTestLoss("learned scales and schedules", descent.Last, "the rule 1/√fan-in, not tuned", outcome.Rule),
            ],
        };
    }

    private static string[] Row(string name, ScaleDescent descent, double meanSquare) =>
    [
        name, Figures.Of(descent.Path[^1][0]), Figures.Of(descent.Ratio), Figures.Of(descent.Ratio * Math.Sqrt(meanSquare)),
    ];

    // The weights' tensors are those of even numbers, the biases' those of odd ones.
    private static Chart ScaleChart(string title, Network network, ScaleDescent descent, int first)
    {
        var curves = new List<Curve>();
        for (int tensor = first; tensor < network.Tensors.Count; tensor += 2)
        {
            int place = tensor, layer = tensor / 2 + 1;
            curves.Add(Curve.OverSteps($"layer {layer}", [.. descent.Path.Select(scales => scales[place])]) with { Colour = layer });
        }
        for (int layer = 1; layer <= 2; layer++)
        {
            double rule = 1 / Math.Sqrt(network.Tensors[2 * (layer - 1)].Rows);
            curves.Add(Curve.OverSteps(layer == 1 ? "1/√fan-in of layer 1" : "of the others", [.. descent.Path.Select(_ => rule)]) with
            {
                Colour = layer,
                IsDashed = true,
            });
        }
        return new(title, "Over meta-steps, one curve a layer from the input up; dashed: the rule 1/√fan-in.", new("meta-step"),
            new("initial scale", IsLogarithmic: true), curves);
    }
}
