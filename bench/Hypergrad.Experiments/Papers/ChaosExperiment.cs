using Hypergrad.Data;
using Hypergrad.Experiments.Pages;
using Hypergrad.Experiments.Running;
using Hypergrad.Hypergradients;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Experiments.Papers;

/// <summary>The loss after training and its hypergradient against the learning rate, into chaos.</summary>
internal sealed class ChaosExperiment : Experiment
{
    public override string Name => "chaos";

    public override string Title => "Chaos: what a hypergradient says when the learning rate is too high";

    public override string Source => PaperNetwork.Reference + "section 5, figure 11; Metz et al.: Gradients are Not All You Need (2021)";

    public override string SourceFound =>
        "The loss after training is a smooth function of the learning rate while that is small, and so rough beyond a point that its "
        + "gradient, though exact, says nothing of where the loss goes at the scale that matters. The paper starts with small rates to "
        + "approach the minimum from the left, and stops when the hypergradient begins to grow.";

    public override Study Run(Laboratory laboratory)
    {
        var (train, validation, _) = PaperNetwork.Images(laboratory);
        int points = laboratory.Pick(40, 160, 400);
        double low = Math.Log(0.1), high = Math.Log(60);
        double[] logs = [.. Enumerable.Range(0, points).Select(i => low + (high - low) * i / (points - 1))];
        var samples = logs.Select(log => Sample(laboratory, train, validation, Math.Exp(log))).ToArray();
        return Report(laboratory, logs, samples);
    }

    private sealed record Point(double Loss, double Slope, double Growth);

    private static Point Sample(Laboratory laboratory, Dataset train, Dataset validation, double rate)
    {
        var optimizer = PaperNetwork.Constant(laboratory, rate, 0.5) with
        {
            LearningRate = Schedule.Constant(PaperNetwork.Steps(laboratory), Sharing.All, rate),
        };
        try
        {
            var run = PaperNetwork.Run(laboratory, train, optimizer, Scale.PerFanIn(Sharing.Tensor, 1).Fixed());
            var gradient = Hypergradient.Exact(run, validation);
            return new(gradient.ValidationLoss, gradient.Coordinates[0], gradient.AdjointGrowth.Factor);
        }
        catch (DivergedException)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }
    }

    private static Study Report(Laboratory laboratory, double[] logs, Point[] samples)
    {
        double[] rates = [.. logs.Select(Math.Exp)];
        int edge = Array.FindIndex(samples, sample => !(sample.Growth <= AdjointGrowth.WarnBeyond));
        edge = edge < 0 ? samples.Length : edge;
        double calm = Agreement(logs, samples, 1, edge - 1), chaotic = Agreement(logs, samples, edge, samples.Length - 1);
        double calmSize = Median(samples[..edge]), chaoticSize = Median(samples[edge..]);
        (double, string)[] marks = edge < rates.Length ? [(rates[edge], "the warning begins")] : [];
        string limit = edge < rates.Length ? Figures.Of(rates[edge]) : "none of those tried";
        return new(
            $"{PaperNetwork.Create(laboratory)}, tanh, {PaperNetwork.Steps(laboratory)} steps, momentum 0.5, one constant learning rate of "
                + $"{rates.Length} from {Figures.Of(rates[0])} to {Figures.Of(rates[^1])}; {laboratory.DataName}.",
            $"Up to a learning rate of {limit} hypergradients are the slope of the loss (correlation {Figures.Of(calm)}); beyond it "
                + $"they are "
                + $"{Figures.Of(chaoticSize / calmSize)} times as large and say nothing ({Figures.Of(chaotic)}). The library warns there.",
            $"Up to a learning rate of {limit}, where the library begins to warn (an adjoint that grows more than "
                + $"{AdjointGrowth.WarnBeyond}-fold on its way back), hypergradients agree with the slope between neighbouring trainings; "
                + $"beyond it they are {Figures.Of(chaoticSize / calmSize)} times as large and no longer tell where the loss goes. The "
                + "remedy is the warning's: a lower rate, or fewer steps.",
            [
                new("Where the rate is low, the hypergradient is the slope of the loss after training.", calm > 0.9,
                    $"Correlation with the slope between the neighbours below the edge: {Figures.Of(calm)}, held above 0.9."),
                new("Beyond the edge the hypergradient becomes uninformative about where the loss goes.", chaotic < 0.5,
                    $"The same correlation beyond the edge: {Figures.Of(chaotic)}, held below 0.5."),
                new("There the hypergradient is larger by orders of magnitude.", chaoticSize > 10 * calmSize,
                    $"Median size {Figures.Of(calmSize)} below, {Figures.Of(chaoticSize)} beyond, held above tenfold."),
            ],
            [
                new Chart("Loss after training", "Each point is a training.", new("learning rate", IsLogarithmic: true),
                    new("validation loss (nats)", IsLogarithmic: true),
                    [new(null, rates, [.. samples.Select(sample => sample.Loss)])]) { Marks = marks },
                new Chart("Size of the hypergradient", "Of the loss after training, with respect to the logarithm of the learning rate.",
                    new("learning rate", IsLogarithmic: true), new("|dF / d log rate| (nats)", IsLogarithmic: true),
                    [new(null, rates, [.. samples.Select(sample => Math.Abs(sample.Slope))]) { IsDots = true }]) { Marks = marks },
                new Chart("How the library sees it", "By how much the adjoint grew on its way back through the training: the diagnosis "
                    + "that "
                    + "comes with every hypergradient. Beyond 100 it warns.",
                    new("learning rate", IsLogarithmic: true), new("growth of the adjoint", IsLogarithmic: true),
                    [new(null, rates, [.. samples.Select(sample => sample.Growth)])]) { Marks = marks },
            ]);
    }

    // Between the hypergradient at a point and the slope of the loss from its left neighbour to its right one.
    private static double Agreement(double[] logs, Point[] samples, int from, int to)
    {
        var pairs = new List<(double X, double Y)>();
        for (int i = Math.Max(1, from); i < Math.Min(to, samples.Length - 1); i++)
        {
            double slope = (samples[i + 1].Loss - samples[i - 1].Loss) / (logs[i + 1] - logs[i - 1]);
            if (double.IsFinite(slope) && double.IsFinite(samples[i].Slope))
                pairs.Add((slope, samples[i].Slope));
        }
        return Statistics.Correlation([.. pairs.Select(pair => pair.X)], [.. pairs.Select(pair => pair.Y)]);
    }

    private static double Median(Point[] samples) =>
        Statistics.Median([.. samples.Select(sample => Math.Abs(sample.Slope)).Where(double.IsFinite)]);
}
