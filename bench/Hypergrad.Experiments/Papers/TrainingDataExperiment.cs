using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>Ten training images, learned from blank ones: dataset distillation.</summary>
internal sealed class TrainingDataExperiment : Experiment
{
    private const int Pixels = 784, Side = 28, Classes = 10;

    public override string Name => "training-data";

    public override string Title => "A training set of ten images, learned from blank ones";

    public override string Source =>
        PaperNetwork.Reference + "section 4.3, figure 9; Wang et al.: Dataset Distillation (arXiv:1811.10959, 2018)";

    public override string SourceFound =>
        "Ten images, one for each label from 0 to 9, start blank and are learned so that a network trained on them does well on 10,000 "
        + "images of MNIST; they come to look like digits, and some pixels are negative. Dataset distillation later reports about 94 % "
        + "test "
        + "accuracy from ten images and a fixed initialisation, learned from all 60,000 images.";

    public override Study Run(Laboratory laboratory)
    {
        var (real, validation, test) = laboratory.Images(
            laboratory.Pick(200, 2000, 2000), laboratory.Pick(500, 5000, 5000), laboratory.Pick(300, 3000, 3000));
        int metaSteps = laboratory.Pick(40, 300, 1500);
        var run = RunOn(laboratory, Blank());
        var (first, learned, last) = Descend(run, metaSteps, laboratory.Pick(0.05, 0.03, 0.02), validation, test);
        var chosen = RandomSearch.Run(uniform => RunOn(laboratory, OneOfEach(real, uniform)) is var candidate
            ? candidate.With(candidate.Hyperparameters! with { TrainingInputs = candidate.Hyperparameters.TrainingInputs!.Fixed() })
            : run, RandomSearch.TrainingsPerHypergradient * metaSteps, laboratory.Seed, validation, test);
        return Report(laboratory, run, learned, metaSteps, first, chosen, last);
    }

    private static (Judgement First, TrainingRun Learned, Judgement Last) Descend(
        TrainingRun run, int metaSteps, double stepSize, Dataset validation, Dataset test)
    {
        var first = RandomSearch.Judge(run, validation, test);
        OptimizerState? state = null;
        for (int metaStep = 0; metaStep < metaSteps; metaStep++)
        {
            // A step that decays to a tenth.
            var optimizer = new Adam(stepSize * Math.Pow(0.1, (double)metaStep / metaSteps));
            run = run.With(optimizer.Step(Hypergradient.Exact(run, validation), ref state));
        }
        return (first, run, RandomSearch.Judge(run, validation, test));
    }

    private static Dataset Blank()
    {
        var targets = new float[Classes * Classes];
        for (int digit = 0; digit < Classes; digit++)
            targets[digit * Classes + digit] = 1;
        return new(new Table(new float[Classes * Pixels], Pixels, "input"), new Table(targets, Classes, "target")) { ImageWidth = Side };
    }

    private static Dataset OneOfEach(Dataset real, Func<double> uniform)
    {
        var chosen = new int[Classes];
        for (int digit = 0; digit < Classes; digit++)
        {
            int[] candidates = [.. Enumerable.Range(0, real.Count).Where(example => real.Targets[example, digit] > 0.5)];
            chosen[digit] = candidates[(int)(uniform() * candidates.Length)];
        }
        return real.Select(chosen);
    }

    private static TrainingRun RunOn(Laboratory laboratory, Dataset images) => new(
        Network.Mlp([Pixels, 20, Classes], Activation.Tanh), images, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(20, Sharing.All, Math.Exp(-1)).Fixed(),
                Coefficient = Schedule.Constant(20, Sharing.All, 0.5).Fixed(),
            },
            InitialScale = Scale.PerFanIn(Sharing.Tensor, 1).Fixed(),
            TrainingInputs = TrainingInputs.All(),
        })
    {
        Sampling = Sampling.FullBatch,
        Seed = laboratory.Seed,
    };

    private static Study Report(
        Laboratory laboratory, TrainingRun run, TrainingRun learned, int metaSteps, Judgement first, Judgement chosen, Judgement last)
    {
        double[] values = learned.Hyperparameters!.TrainingInputs!.Values!;
        double[][] images = [.. Enumerable.Range(0, Classes).Select(digit => values[(digit * Pixels)..((digit + 1) * Pixels)])];
        double structure = images.Average(image => Statistics.NeighbourCorrelation(image, Side));
        double negative = values.Average(value => value < 0 ? 1.0 : 0);
        int trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        double accuracy = 1 - last.TestErrorRate;
        return new(
            $"{run.Network}, tanh, {run.Steps} full-batch steps on ten images from one fixed initialisation, judged on "
                + $"{laboratory.DataName}; "
                + $"{metaSteps} meta-steps of Adam whose step decays to a tenth.",
            $"Ten learned images train a network to {Figures.Percent(accuracy)} test accuracy, the best of {trainings} choices of ten real "
                + $"ones to {Figures.Percent(1 - chosen.TestErrorRate)}.",
            $"Ten learned images train the network to {Figures.Percent(accuracy)} test accuracy, where the best ten real images of "
                + $"{trainings} "
                + $"random choices reach {Figures.Percent(1 - chosen.TestErrorRate)} and blank ones "
                + $"{Figures.Percent(1 - first.TestErrorRate)}. "
                + "The literature's 94 % are of a convolutional network, of every training image of MNIST, and of learned step sizes; "
                + "here one "
                + "seventh of them guides, a network of 20 hidden units is trained, and the steps are fixed.",
            [
                new("Images learned from blank ones train a network that generalises.", last.Test < first.Test && accuracy > 0.5,
                    $"Test accuracy {Figures.Percent(accuracy)}, held above 50 %; test loss {Figures.Of(last.Test)}, with blank images "
                        + $"{Figures.Of(first.Test)}."),
                new("They train better than real images do.", last.Test < chosen.Test,
                    $"Test loss {Figures.Of(last.Test)}; the best of {trainings} random choices of one image a class "
                        + $"{Figures.Of(chosen.Test)}."),
                new("Some optimal pixel values are negative.", negative > 0.05, $"{Figures.Percent(negative)} of the pixels are below 0."),
            ],
            [
                new ImageGrid("The learned images", "One training image for each label. Blue: below 0; brown: above.", "pixel (0 is blank)",
                    ColourScale.About(0, values), Side, [.. images.Select((image, digit) => ($"label {digit}", image))]),
                Comparison.Of($"A hypergradient counts as four trainings. Correlation of neighbouring pixels: {Figures.Of(structure)}.",
                    ("blank images", first, 1), ("ten real images, random search", chosen, trainings), ("ten learned "
                        + "images", last, trainings)),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("ten learned images", last, "random search of ten real images", chosen),
            ],
        };
    }
}
