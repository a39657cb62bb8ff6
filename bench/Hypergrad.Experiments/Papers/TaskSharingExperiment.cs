using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>How much networks of several tasks share, learned for every layer and pair of tasks.</summary>
internal sealed class TaskSharingExperiment : Experiment
{
    private const int Layers = 3, Alphabets = 5;

    // The best of a few: with less, the networks of a task hardly move in so few steps.
    private const double StartTie = 0.5;

    public override string Name => "task-sharing";

    public override string Title => "Architecture as sharing: which tasks share which layers";

    public override string Source => PaperNetwork.Reference + "section 4.3, figure 10 and its table";

    public override string SourceFound =>
        "Ten tasks, five alphabets of Omniglot and the same ones turned by 90 degrees, have a three-layer network each. In every layer the "
        + "weights of a task are a mixture of ten sets of weights, and hypergradients learn the mixing. The test losses: 1.34 with "
        + "separate "
        + "networks, 1.25 with one network for all, 1.13 with the learned mixing, in which an alphabet and its turned copy share the upper "
        + "layers more than the lowest.";

    public override string DataOf(Laboratory laboratory) => laboratory.AlphabetsName;

    public override Study Run(Laboratory laboratory)
    {
        var data = Data(laboratory);
        var network = NetworkOf(laboratory, data);
        int metaSteps = laboratory.Pick(15, 25, 100), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        double[] rates = laboratory.Pick<double[]>([0.5, 1, 2], [2, 8, 32], [1, 2, 4, 8, 16, 32]);
        var separate = Best(0);
        var tied = Best(1);
        var random = RandomSearch.Run(uniform => RunWith(laboratory, network, data, RandomSearch.LogUniform(uniform(), rates[0], rates[^1]),
                [uniform(), uniform(), uniform()], isTuned: false),
            trainings, laboratory.Seed, data.Validation, data.Test);
        var half = Best(StartTie);
        var tuned = new Tuning(
            RunWith(laboratory, network, data, half.Rate, [StartTie, StartTie, StartTie], isTuned: true), data.Validation,
            new() { MetaSteps = metaSteps, Test = data.Test, MetaOptimizer = new Adam(0.03) }).Run();
        return Report(laboratory, data, tuned, separate.Judged, tied.Judged, half.Judged, random, rates.Length, trainings);

        (double Rate, Judgement Judged) Best(double tie) => rates
            .Select(rate => (rate, RandomSearch.Judge(
                RunWith(laboratory, network, data, rate, [tie, tie, tie], isTuned: false), data.Validation, data.Test)))
            .MinBy(tried => tried.Item2.Validation);
    }

    private static TaskData Data(Laboratory laboratory)
    {
        int side = laboratory.Pick(8, 12, 28), count = laboratory.Pick(2, Alphabets, Alphabets);
        var alphabets = laboratory.AlphabetFolder is { } folder
            ? Alphabet.Read(folder, count, side)
            : GeneratedAlphabets.Make(count, laboratory.Pick(10, 20, 20), laboratory.Pick(8, 20, 20), side, laboratory.Seed);
        return TaskData.Of([.. alphabets, .. alphabets.Select(alphabet => alphabet.Turned)], laboratory.Seed);
    }

    private static Network NetworkOf(Laboratory laboratory, TaskData data)
    {
        int tasks = data.Names.Length, units = laboratory.Pick(10, 24, 50);
        // As an image of one row for each task, which a layer in front makes a sequence of.
        return new([tasks, 1, data.Train.InputSize / tasks],
            new TaskRows(), new TaskMixture(units, Activation.Tanh), new TaskMixture(units, Activation.Tanh),
            new TaskMixture(data.Classes));
    }

    private static TrainingRun RunWith(
        Laboratory laboratory, Network network, TaskData data, double rate, double[] ties, bool isTuned)
    {
        int steps = laboratory.Pick(30, 80, 100);
        var mixing = HeldWeights.By(TaskMixing.Of(network, data.Names.Length, ties));
        return new(network, data.Train, new()
        {
            Optimizer = new Momentum
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, rate).Fixed(),
                Coefficient = Schedule.Constant(steps, Sharing.All, 0.9).Fixed(),
            },
            InitialScale = Scale.PerFanIn(Sharing.All, 1).Fixed(),
            HeldWeights = isTuned ? mixing : mixing.Fixed(),
        })
        {
            BatchSize = laboratory.Pick(20, 25, 50),
            Seed = laboratory.Seed,
        };
    }

    private static string Overfit(Judgement judged) => judged.Test > 1.1 * judged.Validation
        ? $": their validation loss is {Figures.Of(judged.Validation)}, so that they partly fit the validation pictures themselves"
        : "";

    private static string Verdict(double ratio) => ratio < 0.98 ? "win" : ratio < 1.02 ? "come out level" : "lose";

    private static Study Report(
        Laboratory laboratory, TaskData data, TuningResult tuned, Judgement separate, Judgement tied, Judgement half, Judgement random,
        int rates, int trainings)
    {
        int tasks = data.Names.Length;
        double[] values = tuned.Learned.Hyperparameters!.HeldWeights!.Values!;
        var shares = Enumerable.Range(0, Layers).Select(layer => SharingMatrix.Of(values, layer, tasks)).ToArray();
        double[] pairs = [.. shares.Select(share => share.MeanOfPairs(tasks / 2))];
        double[] others = [.. shares.Select(share => share.MeanOfOthers(tasks / 2))];
        var learned = Judgement.Of(tuned.After);
        double best = Math.Min(separate.Test, tied.Test);
        return new(
            $"{tasks} tasks of {data.Classes} characters ({laboratory.AlphabetsName}), pictures of "
                + $"{data.Train.InputSize / tasks} pixels, {data.Train.Count} a task to train; {tuned.Learned.Steps} steps of "
                + $"{tuned.Learned.BatchSize} pictures a task; {tuned.Records.Count - 1} meta-steps over {values.Length} mixing "
                + "coefficients.",
            $"Learned sharing reaches a test loss of {Figures.Of(learned.Test)}: separate networks {Figures.Of(separate.Test)}, one "
                + $"for all "
                + $"tasks {Figures.Of(tied.Test)}, one tie a layer by random search {Figures.Of(random.Test)}.",
            $"The test loss is {Figures.Of(separate.Test)} with separate networks, {Figures.Of(tied.Test)} with one for all, and "
                + $"{Figures.Of(learned.Test)} with the learned mixing, so that it "
                + $"{(learned.Test < best ? "wins, as" : "does not win, unlike")} "
                + $"in the paper. Random search over one tie a layer and the learning rate reaches {Figures.Of(random.Test)} at the same "
                + $"budget, so that against it the {values.Length} coefficients {Verdict(learned.Test / random.Test)}"
                + $"{Overfit(learned)}. An alphabet and "
                + $"its turned copy come to share {Figures.Of(pairs[^1])} of the topmost layer and "
                + $"{Figures.Of(pairs[0])} of the lowest (cosines of what they are mixed from); other pairs {Figures.Of(others[^1])} and "
                + $"{Figures.Of(others[0])}.",
            [
                new("Learned sharing beats separate networks.", learned.Test < separate.Test,
                    $"Test loss {Figures.Of(separate.Test)} apart, {Figures.Of(learned.Test)} learned."),
                new("Learned sharing beats one network for all tasks.", learned.Test < tied.Test,
                    $"Test loss {Figures.Of(tied.Test)} tied, {Figures.Of(learned.Test)} learned."),
                new("An alphabet and its turned copy share the topmost layer more than other pairs of tasks do.", pairs[^1] > others[^1],
                    $"Mean cosine of the topmost layer: {Figures.Of(pairs[^1])} for these pairs, {Figures.Of(others[^1])} for others."),
            ],
            [
                SharingMatrix.Grid(shares, data.Names),
                LearningCharts.Meta(tuned),
                Comparison.Of($"A hypergradient counts as four trainings. The first three had the best of {rates} learning rates each; the "
                    + "learned mixing started from the third. Random search drew a learning rate and one tie for each layer.",
                    ("separate networks", separate, rates), ("one network for all tasks", tied, rates),
                    ("half tied, the start", half, rates), ("random search", random, trainings),
                    ("learned mixing", learned, trainings)),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("learned mixing", learned, "separate networks", separate),
                Contest.OfTestLoss("learned mixing", learned, "random search of one tie a layer and the learning rate", random),
            ],
        };
    }
}
