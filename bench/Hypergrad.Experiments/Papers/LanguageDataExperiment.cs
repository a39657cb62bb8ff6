using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

namespace Hypergrad.Experiments.Papers;

/// <summary>A weight for each document that a language model is trained on.</summary>
internal sealed class LanguageDataExperiment : Experiment
{
    public override string Name => "language-data";

    public override string Title => "Data weights for a language model: which documents to keep";

    public override string Source =>
        "Engstrom et al.: Optimizing ML Training with Metagradient Descent (arXiv:2503.13751, 2025); Calian et al.: DataRater (2025)";

    public override string SourceFound =>
        "Training data of language models are of mixed quality. Gradients of the validation loss through the whole training, by Adam, with "
        + "respect to how much each part of the data counts select data that train better than all of them do, and weights fall on what "
        + "a person would call noise.";

    /// <summary>Documents of two qualities in random order, and clean ones to guide and to judge.</summary>
    private sealed record Corpus(string[] Documents, bool[] IsShuffled, Dataset Validation, Dataset Test)
    {
        public Dataset Train { get; } = DocumentMaker.ToDataset(Documents);

        public Dataset Of(bool shuffled) =>
            DocumentMaker.ToDataset([.. Documents.Where((_, document) => IsShuffled[document] == shuffled)]);
    }

    public override string DataOf(Laboratory laboratory) => "documents that the program makes";

    public override Study Run(Laboratory laboratory)
    {
        var corpus = Make(laboratory);
        int metaSteps = laboratory.Pick(12, 20, 60), trainings = RandomSearch.TrainingsPerHypergradient * metaSteps;
        double[] rates = laboratory.Pick<double[]>([0.01], [0.003, 0.01, 0.03, 0.1], [0.001, 0.003, 0.01, 0.03, 0.1]);
        // What a person would do first: every method gets the rate that is best with equal weights.
        var tried = rates.Select(each => (Rate: each, Judged: RandomSearch.TryJudge(
            RunOn(laboratory, corpus.Train, each, null), corpus.Validation, corpus.Test))).ToArray();
        double rate = tried.MinBy(each => each.Judged.Validation).Rate;
        var tuned = new Tuning(RunOn(laboratory, corpus.Train, rate, ExampleWeights.All().MeanOne()), corpus.Validation,
            new() { MetaSteps = metaSteps, Test = corpus.Test, MetaOptimizer = new Adam(0.4) }).Run();
        var random = RandomSearch.Run(
            uniform => RunOn(laboratory, corpus.Train, RandomSearch.LogUniform(uniform(), rates[0], rates[^1]), null),
            trainings, laboratory.Seed, corpus.Validation, corpus.Test);
        return Report(laboratory, corpus, tuned, tried,
        [
            ("all documents, equal weights", Judge(corpus.Train), rates.Length),
            ("the same, random search of the learning rate", random, trainings),
            ("a random half", Judge(corpus.Train.Select([.. Enumerable.Range(0, corpus.Train.Count / 2)])), 1),
            ("oracle: the clean documents", Judge(corpus.Of(shuffled: false)), 1),
            ("only the shuffled documents", Judge(corpus.Of(shuffled: true)), 1),
            ("learned weights", Judgement.Of(tuned.After), trainings),
        ]);

        Judgement Judge(Dataset train) =>
            RandomSearch.Judge(RunOn(laboratory, train, rate, null), corpus.Validation, corpus.Test);
    }

    private static Corpus Make(Laboratory laboratory)
    {
        var maker = new DocumentMaker(laboratory.Seed, laboratory.Pick(16, 32, 64));
        var random = new Random(unchecked((int)laboratory.Seed));
        int documents = laboratory.Pick(40, 160, 1000), held = laboratory.Pick(20, 60, 300);
        bool[] isShuffled = [.. Enumerable.Range(0, documents).Select(document => document % 2 == 0)];
        random.Shuffle(isShuffled);
        Dataset Clean(int count) => DocumentMaker.ToDataset([.. Enumerable.Range(0, count).Select(_ => maker.Clean())]);
        string[] texts = [.. isShuffled.Select(shuffled => shuffled ? maker.Shuffled() : maker.Clean())];
        return new(texts, isShuffled, Clean(held), Clean(2 * held));
    }

    private static TrainingRun RunOn(Laboratory laboratory, Dataset train, double rate, ExampleWeights? weights)
    {
        int width = laboratory.Pick(8, 16, 64), steps = laboratory.Pick(30, 60, 300);
        var network = Network.OfTokens(DocumentMaker.Characters.Length, train.InputSize,
            new Embedding(width), new Positions(), new Residual(new LayerNorm(), new SelfAttention(2, IsCausal: true)),
            new Residual(new LayerNorm(), new Dense(2 * width, Activation.Gelu), new Dense(width)), new LayerNorm(),
            new Dense(DocumentMaker.Characters.Length));
        return new(network, train, new()
        {
            Optimizer = new AdamW
            {
                LearningRate = Schedule.Constant(steps, Sharing.All, rate).Fixed(),
                WeightDecay = Schedule.Constant(steps, Sharing.All, 0.01).Fixed(),
            },
            InitialScale = Scale.PerFanIn(Sharing.All, 0.7).Fixed(),
            ExampleWeights = weights,
        })
        {
            BatchSize = Math.Min(laboratory.Pick(20, 40, 100), train.Count),
            Seed = laboratory.Seed,
        };
    }

    private static Study Report(
        Laboratory laboratory, Corpus corpus, TuningResult tuned, (double Rate, Judgement Judged)[] tried,
        (string Name, Judgement Judged, int Trainings)[] methods)
    {
        double[] weights = tuned.Learned.Hyperparameters!.ExampleWeights!.Values!;
        double f1 = Statistics.F1([.. weights.Select(weight => weight < 1)], corpus.IsShuffled);
        var (equal, random, oracle, learned) = (methods[0].Judged, methods[1].Judged, methods[3].Judged, methods[5].Judged);
        double kept = weights.Where((_, document) => !corpus.IsShuffled[document]).Sum() / weights.Sum();
        bool isExact = tuned.Reversals.Any() && tuned.Reversals.All(reversal => reversal.Exact);
        return new(
            $"A transformer of one block, {tuned.Learned.Network.ParameterCount} weights, on {weights.Length} documents of "
                + $"{corpus.Train.InputSize} characters that the program makes, half of them with the letters of every word shuffled; "
                + $"{tuned.Learned.Steps} steps of AdamW on {tuned.Learned.BatchSize} documents, {tuned.Records.Count - 1} meta-steps; "
                + "clean "
                + "text guides and judges. Losses are per character.",
            $"Document weights take a small transformer's test loss from {Figures.Of(equal.Test)} to {Figures.Of(learned.Test)} and "
                + $"find the "
                + $"shuffled half with an F1 of {Figures.Of(f1)}; a tuned learning rate alone reaches {Figures.Of(random.Test)}.",
            $"The test loss falls from {Figures.Of(equal.Test)} with equal weights to {Figures.Of(learned.Test)} with learned ones; an "
                + $"oracle that trains on the clean documents alone reaches {Figures.Of(oracle.Test)}, and random search of the learning "
                + "rate "
                + $"over all documents, at the same budget, {Figures.Of(random.Test)}, so that the weights "
                + $"{(learned.Test < random.Test ? "win" : "lose")} against it. {Figures.Percent(kept)} of the weight ends on the clean "
                + "half; "
                + $"weights that fell find the shuffled documents with an F1 of {Figures.Of(f1)}.",
            [
                new("Learned weights train a better model than equal ones.", learned.Test < equal.Test,
                    $"Test loss {Figures.Of(equal.Test)} with equal weights, {Figures.Of(learned.Test)} with learned ones."),
                new("The weights fall on the documents of low quality.", f1 > 0.75,
                    $"F1 {Figures.Of(f1)}, held above 0.75; leaving out everything would give {Figures.Of(2.0 / 3)}."),
                new("Every hypergradient went back through AdamW over the very states of training.", isExact,
                    $"{tuned.Reversals.Count()} reversals, all compared to the bit."),
            ],
            [
                Sorted(corpus, weights),
                LearningCharts.Meta(tuned),
                Kept(corpus, weights),
                new FigureTable("The learning rates tried", "With equal weights; the one of the lowest validation loss is that of all rows "
                        + "below but the random search.",
                    ["learning rate", "validation loss (nats)", "test loss (nats)", "test error"],
                    [.. tried.Select(each => (string[])
                        [Figures.Of(each.Rate), Figures.Of(each.Judged.Validation), Figures.Of(each.Judged.Test),
                         Figures.Percent(each.Judged.TestErrorRate)])]),
                Comparison.Of("A hypergradient counts as four trainings. The learning rate is the best of a few with equal weights. The "
                    + "error is of predicting the next character.", methods),
            ])
        {
            Contests =
            [
                Contest.OfTestLoss("learned weights", learned, "all documents, the learning rate by random search", random),
                Contest.OfTestLoss("learned weights", learned, "oracle: the clean documents alone, one training", oracle),
            ],
        };
    }

    private static Chart Sorted(Corpus corpus, double[] weights)
    {
        Curve Of(string name, bool shuffled, int colour)
        {
            double[] sorted = [.. weights.Where((_, document) => corpus.IsShuffled[document] == shuffled).Order()];
            return new(name, [.. sorted.Select((_, i) => 100.0 * (i + 1) / sorted.Length)], sorted) { Colour = colour };
        }
        return new("The learned weights", "Sorted, those of both qualities apart; all started at 1, which is their mean.",
            new("share of the documents with this weight or less (%)"), new("weight of a document", IsLogarithmic: true),
            [Of("clean", false, 1), Of("shuffled", true, 2)]);
    }

    private static FigureTable Kept(Corpus corpus, double[] weights)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderByDescending(document => weights[document])];
        return new("What it keeps", "The five documents of the largest weights, and the five of the smallest.",
            ["weight", "document", "quality"], [.. order[..5].Concat(order[^5..]).Select(document => (string[])
                [Figures.Of(weights[document]), corpus.Documents[document], corpus.IsShuffled[document] ? "shuffled" : "clean"])]);
    }
}
