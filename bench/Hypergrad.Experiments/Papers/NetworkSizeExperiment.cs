using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>How many units and layers a network needs, as cut-offs of a penalty that hypergradients move.</summary>
internal sealed class NetworkSizeExperiment : Experiment
{
    private const string Objective = "validation loss and price (nats)";
    private const double PricePerUnit = 0.004, PricePerLayer = 0.02, Strength = 0.1;

    private static readonly int[] Widths = [2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100];

    public override string Name => "network-size";

    public override string Title => "How many units and how many layers";

    public override string Source =>
        "The discussion of Maclaurin, Duvenaud, Adams (2015): can the number of units be a hyperparameter with a gradient?";

    public override string SourceFound =>
        "Nothing yet: it was asked for. A number of units is whole and has no gradient, but a cut-off has: layers are made too wide, an L2 "
        + "penalty rises beyond a learned place in each, and what lies beyond fades away. Residual layers beyond a learned depth are "
        + "pulled "
        + "towards the identity in the same way.";

    /// <summary>What came out for units, or for layers.</summary>
    private sealed record Outcome(
        string What, int Largest, double Price, CutoffDescent Descent, (int Size, Judgement Judged)[] Sizes, Judgement Anew)
    {
        public int[] Chosen => [.. Descent.Last.Select(cutoff => Math.Clamp((int)Math.Round(cutoff), 1, Largest))];

        public int Cutoffs => Descent.Last.Length;

        public double Of(int size, Judgement judged) => judged.Validation + Price * Cutoffs * size;

        public (int Size, Judgement Judged) Best => Sizes.MinBy(tried => Of(tried.Size, tried.Judged));

        public (int Size, Judgement Judged) Full => Sizes[^1];

        public double Bests => Of(Best.Size, Best.Judged);

        public double Anews => Anew.Validation + Price * Chosen.Sum();
    }

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, test) = laboratory.Images(
            laboratory.Pick(200, 600, 2000), laboratory.Pick(200, 1000, 2000), laboratory.Pick(200, 2000, 4000));
        var units = Units(laboratory, train, validation, test);
        var layers = Depth(laboratory, train, validation, test);
        return Report(laboratory, train, units, layers);
    }

    private static Outcome Units(Laboratory laboratory, Dataset train, Dataset validation, Dataset test)
    {
        int widest = laboratory.Pick(24, 48, 100), metaSteps = laboratory.Pick(15, 30, 60);
        var wide = Network.Mlp([784, widest, widest, 10], Activation.Tanh);
        var cutoff = CutoffPenalty.OfUnits(wide, [0, 1], Strength, softness: 1.5, start: 0.9 * widest);
        var descent = CutoffDescent.Run(
            RunOf(laboratory, wide, train, Penalty.By(cutoff)), validation, PricePerUnit, widest / 15.0, metaSteps, widest);
        int[] sizes = [.. Widths.Where(size => size <= widest)];
        return new("units in each of two layers", widest, PricePerUnit, descent, [.. sizes.Select(size => (size, Judge([size, size])))],
            Judge([.. descent.Last.Select(value => Math.Clamp((int)Math.Round(value), 1, widest))]));

        Judgement Judge(int[] of) => RandomSearch.Judge(
            RunOf(laboratory, Network.Mlp([784, .. of, 10], Activation.Tanh), train, null), validation, test);
    }

    private static Outcome Depth(Laboratory laboratory, Dataset train, Dataset validation, Dataset test)
    {
        int deepest = laboratory.Pick(4, 8, 12), metaSteps = laboratory.Pick(15, 30, 60);
        var deep = Residuals(deepest);
        // A residual branch has two layers with weights; the first layer of all stands before them.
        var cutoff = CutoffPenalty.OfLayers(deep, [.. Enumerable.Range(0, deepest).Select(i => (IReadOnlyList<int>)[2 * i + 1, 2 * i + 2])],
            Strength, softness: 0.5, start: 0.9 * deepest);
        var descent = CutoffDescent.Run(
            RunOf(laboratory, deep, train, Penalty.By(cutoff)), validation, PricePerLayer, deepest / 15.0, metaSteps, deepest);
        return new("residual layers", deepest, PricePerLayer, descent,
            [.. Enumerable.Range(1, deepest).Select(size => (size, Judge(size)))],
            Judge(Math.Clamp((int)Math.Round(descent.Last[0]), 1, deepest)));

        Judgement Judge(int layers) => RandomSearch.Judge(RunOf(laboratory, Residuals(layers), train, null), validation, test);
    }

    private static Network Residuals(int layers) => new([784],
    [
        new Dense(16, Activation.Tanh),
        .. Enumerable.Range(0, layers).Select(_ => new Residual(new Dense(16, Activation.Tanh), new Dense(16))),
        new Dense(10),
    ]);

    private static TrainingRun RunOf(Laboratory laboratory, Network network, Dataset train, Penalty? penalty)
    {
        int steps = laboratory.Pick(40, 80, 100);
        return new(network, train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, 0.3).Fixed(),
                Coefficient = Schedule.Constant(steps, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.PerFanIn(Sharing.All, 0.7).Fixed(),
            L2 = penalty,
        })
        {
            BatchSize = laboratory.Pick(50, 60, 200),
            Seed = laboratory.Seed,
        };
    }

    private static Study Report(Laboratory laboratory, Dataset train, Outcome units, Outcome layers)
    {
        string Chosen(Outcome outcome) => string.Join(" and ", outcome.Chosen);
        string Verdict(Outcome outcome) => outcome.Anews < 0.98 * outcome.Of(outcome.Best.Size, outcome.Best.Judged) ? "wins"
            : outcome.Anews < 1.02 * outcome.Of(outcome.Best.Size, outcome.Best.Judged) ? "comes out level" : "loses";
        return new(
            $"{train.Count} images to train, {laboratory.DataName}; tanh networks, 784-{units.Largest}-{units.Largest}-10 and one of "
                + $"{layers.Largest} residual layers of 16 units. What is descended is the validation loss and a price: {PricePerUnit} "
                + "nats "
                + $"a unit, {PricePerLayer} a residual layer; without a price nothing keeps a unit out that does no harm.",
            $"Cut-offs of a penalty come to rest at {Chosen(units)} units of {units.Largest} and at {Chosen(layers)} of {layers.Largest} "
                + $"residual layers: loss and price {Figures.Of(units.Anews)} and {Figures.Of(layers.Anews)} nats, the best sizes tried "
                + $"{Figures.Of(units.Bests)} and {Figures.Of(layers.Bests)}.",
            $"From 90 % of the width, the layers come to rest at {Chosen(units)} units; trained anew at these widths the validation loss "
                + "and "
                + $"the price come to {Figures.Of(units.Anews)} nats, where the best of {units.Sizes.Length} equal widths "
                + $"({units.Best.Size}) "
                + $"reaches {Figures.Of(units.Of(units.Best.Size, units.Best.Judged))}: it {Verdict(units)}. Of {layers.Largest} residual "
                + $"layers {Chosen(layers)} remain, for {Figures.Of(layers.Anews)} nats, beside "
                + $"{Figures.Of(layers.Of(layers.Best.Size, layers.Best.Judged))} of the best depth tried ({layers.Best.Size}): it "
                + $"{Verdict(layers)}. For one number trying a few sizes costs less; a cut-off for each of many layers is where this pays.",
            [
                new("The learned widths beat the widest network, price included.", units.Anews < units.Of(units.Largest, units.Full.Judged),
                    $"{Figures.Of(units.Anews)} nats, {Figures.Of(units.Of(units.Largest, units.Full.Judged))} for the widest."),
                new("They come close to the best of all widths tried.", units.Anews < 1.1 * units.Of(units.Best.Size, units.Best.Judged),
                    $"{Figures.Of(units.Anews)} nats, held below 1.1 times {Figures.Of(units.Of(units.Best.Size, units.Best.Judged))}."),
                new("The learned depth beats the deepest network, price included.",
                    layers.Anews < layers.Of(layers.Largest, layers.Full.Judged),
                    $"{Figures.Of(layers.Anews)} nats, {Figures.Of(layers.Of(layers.Largest, layers.Full.Judged))} for the deepest."),
            ],
            [
                .. new[] { units, layers }.SelectMany(Charts),
                new FigureTable("In figures", "Trained anew at each size, without a penalty.",
                    ["", "size", "validation loss (nats)", "with the price", "test error", "trainings"],
                    [.. new[] { units, layers }.SelectMany(Rows)]),
            ])
        {
            Contests =
            [
                new("learned widths", "the best of some equal widths, each trained once", Objective, units.Anews, units.Bests),
                new("learned depth", "the best depth, each trained once", Objective, layers.Anews, layers.Bests),
            ],
        };
    }

    private static IEnumerable<Block> Charts(Outcome outcome)
    {
        yield return new Chart($"The cut-offs: {outcome.What}", "Over meta-steps.", new("meta-step"), new(outcome.What),
            [.. Enumerable.Range(0, outcome.Cutoffs).Select(layer => Curve.OverSteps(
                outcome.Cutoffs == 1 ? null : $"layer {layer + 1}", [.. outcome.Descent.Cutoffs.Select(cutoffs => cutoffs[layer])]))]);
        double[] sizes = [.. outcome.Sizes.Select(tried => (double)tried.Size)];
        yield return new Chart($"Each size trained by itself: {outcome.What}", "The lower, the better the size. The line marks what the "
            + "cut-offs chose, their mean.", new(outcome.What), new("loss (nats)"),
            [
                new("validation loss and price", sizes, [.. outcome.Sizes.Select(tried => outcome.Of(tried.Size, tried.Judged))]),
                new("test loss", sizes, [.. outcome.Sizes.Select(tried => tried.Judged.Test)]),
            ])
        { Marks = [(outcome.Descent.Last.Average(), "learned")] };
    }

    private static IEnumerable<string[]> Rows(Outcome outcome)
    {
        string[] Row(string name, string size, Judgement judged, double objective, int trainings) =>
            [name, size, Figures.Of(judged.Validation), Figures.Of(objective), Figures.Percent(judged.TestErrorRate), $"{trainings}"];
        yield return Row($"{outcome.What}: all", $"{outcome.Largest}", outcome.Full.Judged,
            outcome.Of(outcome.Largest, outcome.Full.Judged), 1);
        yield return Row($"{outcome.What}: the best tried", $"{outcome.Best.Size}", outcome.Best.Judged,
            outcome.Of(outcome.Best.Size, outcome.Best.Judged), outcome.Sizes.Length);
        yield return Row($"{outcome.What}: learned", string.Join(" and ", outcome.Chosen), outcome.Anew, outcome.Anews,
            RandomSearch.TrainingsPerHypergradient * (outcome.Descent.Cutoffs.Count - 1));
    }
}
