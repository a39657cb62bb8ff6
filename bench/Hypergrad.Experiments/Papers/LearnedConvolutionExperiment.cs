using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>A dense layer that is pulled towards a convolution by a learned strength and shift.</summary>
internal sealed class LearnedConvolutionExperiment : Experiment
{
    private const double StartShift = 1.5, StartPenalty = 3e-4;
    private const int Kernel = ShapesInNoise.Length, Channels = 6;

    public override string Name => "learned-convolution";

    public override string Title => "A learned convolution";

    public override string Source =>
        "The discussion of Maclaurin, Duvenaud, Adams (2015): can hypergradients find that a layer should be a convolution?";

    public override string SourceFound =>
        "Nothing yet: it was asked for. The weights of a dense layer are pulled towards shift-invariance, each unit's being its "
        + "neighbour's moved by a shift; how strongly, and by which shift, is learned.";

    public override string DataOf(Laboratory laboratory) => "signals that the program makes";

    /// <summary>The signals.</summary>
    private sealed record Signals(Dataset Train, Dataset Validation, Dataset Test)
    {
        public int Samples => Train.InputSize;
    }

    public override Study Run(Laboratory laboratory)
    {
        var random = new Random(unchecked((int)laboratory.Seed));
        int samples = laboratory.Pick(32, 40, 64), held = laboratory.Pick(200, 400, 1000), train = laboratory.Pick(60, 60, 100);
        var signals = new Signals(ShapesInNoise.Make(train, samples, random), ShapesInNoise.Make(held, samples, random),
            ShapesInNoise.Make(2 * held, samples, random));
        int metaSteps = laboratory.Pick(20, 30, 80), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        var tuned = Tune(laboratory, signals, (StartShift, StartPenalty), metaSteps);
        var drawn = Draw(laboratory, signals, trainings);
        // Half of the trainings to find a start, and the other half to go on from it.
        var begun = Tune(laboratory, signals, drawn[..(trainings / 2)].MinBy(draw => draw.Judged.Validation).Setting, metaSteps / 2);
        int units = Units(laboratory);
        return Report(laboratory, signals, tuned, Scan(laboratory, signals),
        [
            ("start", Judgement.Of(tuned.Before), 1),
            ("dense layer of as many outputs", Judge(new Dense(units * Channels, Activation.Relu)), 1),
            ("random search of shift and strength", drawn.MinBy(draw => draw.Judged.Validation).Judged, trainings),
            ("hypergradients from one start", Judgement.Of(tuned.After), trainings),
            ("hypergradients from the best of half as many random settings", Judgement.Of(begun.After), trainings),
            ("oracle: a convolution at every sample", Judge(
                new Convolution(Channels, Kernel, 0, Activation.Relu) { Kernel = (Kernel, 1) }), 1),
        ]);

        Judgement Judge(Layer layer)
        {
            Network network = layer is Dense
                ? new([signals.Samples], layer, new Dense(signals.Train.TargetSize))
                : new([signals.Samples, 1, 1], layer, new GlobalAveragePool(), new Dense(signals.Train.TargetSize));
            return RandomSearch.Judge(RunOf(laboratory, network, signals, null, null), signals.Validation, signals.Test);
        }
    }

    private static TuningResult Tune(Laboratory laboratory, Signals signals, (double Shift, double Strength) start, int metaSteps) =>
        new Tuning(Near(laboratory, signals, start, isTuned: true), signals.Validation,
            new() { MetaSteps = metaSteps, Test = signals.Test, MetaOptimizer = new Adam(0.3) }).Run();

    private static ((double Shift, double Strength) Setting, Judgement Judged)[] Draw(Laboratory laboratory, Signals signals, int trials)
    {
        var random = new Random(unchecked((int)laboratory.Seed));
        return [.. Enumerable.Range(0, trials).Select(_ =>
        {
            double shift = 1.2 * FullShift(laboratory, signals) * random.NextDouble();
            var setting = (shift, RandomSearch.LogUniform(random.NextDouble(), 1e-5, 1));
            return (setting, JudgeAt(laboratory, signals, setting));
        })];
    }

    private static Judgement JudgeAt(Laboratory laboratory, Signals signals, (double Shift, double Strength) setting) =>
        RandomSearch.TryJudge(Near(laboratory, signals, setting, isTuned: false), signals.Validation, signals.Test);

    // What the loss looks like along the shift, where descent has to find its way.
    private static (double Shift, double Validation)[] Scan(Laboratory laboratory, Signals signals)
    {
        int points = laboratory.Pick(13, 73, 145);
        return [.. Enumerable.Range(0, points).Select(i => 1.2 * FullShift(laboratory, signals) * i / (points - 1))
            .Select(shift => (shift, JudgeAt(laboratory, signals, (shift, StartPenalty)).Validation))];
    }

    private static int Units(Laboratory laboratory) => laboratory.Pick(6, 8, 10);

    // At which the windows reach from one end of the signal to the other.
    private static double FullShift(Laboratory laboratory, Signals signals) =>
        (double)(signals.Samples - Kernel) / (Units(laboratory) - 1);

    private static TrainingRun Near(
        Laboratory laboratory, Signals signals, (double Shift, double Strength) setting, bool isTuned)
    {
        var network = new Network([signals.Samples], new NearConvolution(Units(laboratory), Kernel, Channels), new GlobalAveragePool(),
            new Dense(signals.Train.TargetSize));
        var held = HeldWeights.By(new ShiftedWindows(network, Kernel, setting.Shift));
        // The layers: what gathers, the kernel, the weights of its own, the last one.
        var penalty = Penalty.Per(Sharing.Layer, StartPenalty) with
        {
            Values = [StartPenalty, StartPenalty, setting.Strength, StartPenalty],
        };
        return RunOf(laboratory, network, signals, isTuned ? held : held.Fixed(), isTuned ? penalty : penalty.Fixed());
    }

    private static TrainingRun RunOf(Laboratory laboratory, Network network, Signals signals, HeldWeights? held, Penalty? penalty)
    {
        int steps = laboratory.Pick(80, 120, 200);
        return new(network, signals.Train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, 1).Fixed(),
                Coefficient = Schedule.Constant(steps, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.PerFanIn(Sharing.All, 0.7).Fixed(),
            HeldWeights = held,
            L2 = penalty,
        })
        {
            BatchSize = 50,
            Seed = laboratory.Seed,
        };
    }

    // The part of the layer's squared weights that is the kernel's, counted once for each unit.
    private static double SharedPart(TrainingRun run, double[] weights)
    {
        double Square(string name)
        {
            var tensor = run.Network.Tensors.Single(tensor => tensor.Name == name);
            return weights.AsSpan(tensor.Offset, tensor.Count).ToArray().Sum(weight => weight * weight);
        }
        double units = (double)run.Network.Tensors.Single(tensor => tensor.Name == "W3").Columns / Channels;
        double shared = units * Square("W2");
        return shared / (shared + Square("W3"));
    }

    private static Study Report(
        Laboratory laboratory, Signals signals, TuningResult tuned, (double Shift, double Validation)[] scan,
        (string Name, Judgement Judged, int Trainings)[] methods)
    {
        double full = FullShift(laboratory, signals), shift = tuned.Learned.Hyperparameters!.HeldWeights!.Values![0];
        double[] penalties = tuned.Learned.Hyperparameters!.L2!.Values!;
        double before = SharedPart(tuned.Start, Hypergrad.Trajectories.Training.Run(tuned.Start, []).FinalWeights[0]);
        double after = SharedPart(tuned.Learned, tuned.LearnedWeights[0]);
        var (start, dense, random, learned, begun, oracle) =
            (methods[0].Judged, methods[1].Judged, methods[2].Judged, methods[3].Judged, methods[4].Judged, methods[5].Judged);
        var best = scan.MinBy(point => point.Validation);
        return new(
            $"{signals.Train.Count} signals of {signals.Samples} samples to train, one of four shapes somewhere in each; "
                + $"{Units(laboratory)} "
                + $"units of {Channels} channels, a kernel of {Kernel} samples; {tuned.Records.Count - 1} meta-steps over the shift and "
                + "the "
                + "L2 penalty of each layer. A layer's weights are a convolution and what differs from it; the penalty of the latter is "
                + "the "
                + "strength.",
            $"Descending shift and strength takes the test loss from {Figures.Of(start.Test)} to {Figures.Of(learned.Test)}; random search "
                + $"over the two reaches {Figures.Of(random.Test)}, and descent from a start that was searched for "
                + $"{Figures.Of(begun.Test)}.",
            $"From a shift of {StartShift} samples descent comes to {Figures.Of(shift)}, where {Figures.Of(full)} would spread the windows "
                + $"over the whole signal and the loss along the shift is lowest at {Figures.Of(best.Shift)}. The picture of that loss "
                + $"shows why: it has {Valleys(scan)} valleys, and a gradient leads into the nearest. The penalty of what "
                + $"differs from a convolution goes from {Figures.Of(StartPenalty)} to {Figures.Of(penalties[2])}, and the part of the "
                + $"layer's squared weights that is shared from {Figures.Percent(before)} to {Figures.Percent(after)}. The test loss falls "
                + $"from {Figures.Of(start.Test)} to {Figures.Of(learned.Test)}; a plain dense layer has {Figures.Of(dense.Test)}, and a "
                + $"convolution at every sample, which knows the answer, {Figures.Of(oracle.Test)}. Random search over the two "
                + $"numbers, at the "
                + $"same budget, has {Figures.Of(random.Test)}; with half of it for a start and half for hypergradients from there it is "
                + $"{Figures.Of(begun.Test)}.",
            [
                new("The layer becomes more of a convolution.", after > before,
                    $"Shared part of the squared weights {Figures.Percent(before)} before, {Figures.Percent(after)} after; strength "
                        + $"{Figures.Of(StartPenalty)} and {Figures.Of(penalties[2])}."),
                new("The shift moves the windows over more of the signal.", shift > 1.1 * StartShift,
                    $"Shift {StartShift} before, {Figures.Of(shift)} after; {Figures.Of(full)} covers all of it; held to a tenth more."),
                new("The learned layer beats a plain dense one.", learned.Test < dense.Test,
                    $"Test loss {Figures.Of(dense.Test)} dense, {Figures.Of(learned.Test)} learned."),
            ],
            [
                new Chart("The loss along the shift", "Each point is a training with the start's strength. Descent begins at the line "
                        + "\"start\" and ends at \"learned\".",
                    new("shift (samples from unit to unit)"), new("validation loss (nats)"),
                    [new(null, [.. scan.Select(point => point.Shift)], [.. scan.Select(point => point.Validation)])])
                { Marks = [(StartShift, "start"), (shift, "learned"), (full, "covers the signal")] },
                Weights(tuned),
                LearningCharts.Meta(tuned),
                Comparison.Of("A hypergradient counts as four trainings.", methods),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("hypergradients from one start", learned, "random search of shift and strength", random),
                Contest.OfTestLoss("hypergradients from a searched start", begun, "random search of shift and strength", random),
            ],
        };
    }

    // Places that are lower than both neighbours.
    private static int Valleys((double Shift, double Validation)[] scan) => Enumerable.Range(1, scan.Length - 2).Count(i =>
        scan[i].Validation < scan[i - 1].Validation && scan[i].Validation < scan[i + 1].Validation);

    // The layer's own matrix, and the kernels as it would be if it were a convolution.
    private static ImageGrid Weights(TuningResult tuned)
    {
        var network = tuned.Learned.Network;
        ParameterTensor gather = network.Tensors[0], kernel = network.Tensors[2], own = network.Tensors[4];
        double[] weights = tuned.LearnedWeights[0];
        int units = own.Columns / Channels, samples = own.Rows;
        double[] Image(int channel, bool withOwn, bool withKernel) => [.. Enumerable.Range(0, units * samples).Select(i =>
        {
            int unit = i / samples, sample = i % samples;
            double value = withOwn ? weights[own.Offset + sample * own.Columns + unit * Channels + channel] : 0;
            for (int k = 0; withKernel && k < Kernel; k++)
                value += weights[gather.Offset + sample * gather.Columns + unit * Kernel + k]
                    * weights[kernel.Offset + k * Channels + channel];
            return value;
        })];
        (string, double[])[] images =
        [
            .. Enumerable.Range(0, Channels).Select(channel => ($"channel {channel + 1}", Image(channel, true, true))),
            .. Enumerable.Range(0, Channels).Select(channel => ($"{channel + 1}, not shared", Image(channel, true, false))),
        ];
        return new("The learned "
            + "layer", "One picture for each channel: a row for each unit, a column for each sample. In a convolution every "
            + "row is the one above it, moved. Below, under the same scale, the part that is not shared.",
            "weight", ColourScale.About(0, images.SelectMany(image => image.Item2)), samples, images)
        { Columns = Channels };
    }
}
