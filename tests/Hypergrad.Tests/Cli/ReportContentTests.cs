using Hypergrad.Cli.Output;
using Hypergrad.Cli.Reporting;
using Hypergrad.Models;

namespace Hypergrad.Tests.Cli;

/// <summary>What the report of a tuning says, against the model and the results beside it.</summary>
[TestFixture]
public sealed class ReportContentTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void KeptMetaStep_IsTheBest_AndItsFiguresAreShown()
    {
        // A step size that goes too far, so that the last meta-step is not the best.
        var report = Tune("--learning-rate", "1", "--meta-step-size", "6");
        var best = report.MetaLearning.MinBy(point => point.ValidationLoss.Value)!;
        Assert.That(report.BestMetaStep, Is.EqualTo(best.MetaStep));
        Assert.That(report.MetaLearning[^1].MetaStep, Is.GreaterThan(best.MetaStep), "the case that the test is for");
        var shown = report.Headlines.Single(figure => figure.Name == "validation loss");
        Assert.That(shown.After.Value, Is.EqualTo(best.ValidationLoss.Value));
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.Contain($"kept: meta-step {best.MetaStep}")
            .And.Contain($"not of the last meta-step, {report.MetaLearning[^1].MetaStep}."));
        Assert.That(TrainedModel.Load(folder.File("model")).Provenance.ValidationLoss, Is.EqualTo(best.ValidationLoss.Value).Within(1e-12));
    }

    [Test]
    public void Confusions_CountEveryExample_AsTheErrorsDo()
    {
        var report = Tune();
        Assert.That(report.Confusions.Select(confusion => confusion.Part), Is.EqualTo(new[] { "validation", "test" }));
        foreach (var confusion in report.Confusions)
        {
            var error = report.Headlines.Single(figure => figure.Name == $"{confusion.Part} error");
            Assert.That(confusion.Total, Is.EqualTo(30));
            Assert.That(100 * (1 - confusion.Accuracy), Is.EqualTo(error.After.Value).Within(1e-9));
        }
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.Contain("aria-label=\"Confusion matrix, test\""));
    }

    [Test]
    public void WorstExamples_AreThoseOfTheHighestLoss_WithTheirClasses()
    {
        var report = Tune();
        foreach (var worst in report.WorstExamples)
        {
            Assert.That((worst.Count, worst.Examples.Count), Is.EqualTo((30, 24)));
            Assert.That(worst.Examples.Select(example => example.Loss), Is.Ordered.Descending);
            Assert.That(worst.Examples.Average(example => example.Loss), Is.GreaterThan(report.Headlines
                .Single(figure => figure.Name == $"{worst.Part} loss").After.Value));
            Assert.That(worst.Examples.Select(example => example.Predicted), Is.All.Match("^[0-9] \\([0-9]+ %\\)$"));
            Assert.That(worst.Pictures!.Images.Select(image => image.Caption), Is.All.Match("^[0-9], predicted [0-9] \\([0-9]+ %\\); example [0-9]+$"));
            Assert.That(worst.Pictures.Images[0].Values.Max(), Is.InRange(0.5, 1), "pixels as the data has them");
        }
    }

    [Test]
    public void WorstExamples_OfARegression_AreInTheUnitsOfTheData()
    {
        string data = folder.Write("line.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
            FormattableString.Invariant($"{i},{100 + 3 * i + (i == 40 ? 500 : 0)}\n"))));
        CommandLine.Succeed("tune", "--data", data, "--hidden", "4", "--steps", "10", "--meta-steps", "1", "--split", "40,20,20", "--out", folder.Path);
        var report = ReportFile.Read(folder.Path);
        Assert.That(report.Confusions, Is.Empty);
        var losses = report.WorstExamples[0].Examples.ToDictionary(example => example.Number, example => example.Loss);
        double mean = losses.Values.Average();
        Assert.That(losses, Has.Count.EqualTo(20));
        Assert.That(mean, Is.EqualTo(report.Headlines.Single(figure => figure.Name == "validation loss").After.Value).Within(1e-4 * mean));
        Assert.That(report.WorstExamples[0].Examples.Select(example => double.Parse(example.Right, System.Globalization.CultureInfo.InvariantCulture)),
            Is.All.InRange(100, 840));
    }

    [Test]
    public void LearnedThings_OfExamples_NameTheirClass()
    {
        var report = Tune("--tune", "targets:0-9", "example-weights:all", "inputs:0-1");
        var targets = report.Matrices.Single();
        Assert.That(targets.Rows.Select(row => row.Example), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(targets.Rows.Select(row => row.Values.Sum()), Is.All.EqualTo(1).Within(1e-9));
        Assert.That(targets.Rows.Select(row => row.Values.Max() == row.Values[row.Class]), Is.All.True, "two steps do not turn a target over");
        var weights = report.Distributions.Single();
        Assert.That((weights.Count, weights.After.Sum(), weights.Before.Count(count => count > 0)), Is.EqualTo((60, 60, 1)));
        Assert.That(weights.Lowest.Select(value => value.After), Is.Ordered);
        Assert.That(weights.Highest.Select(value => value.Name), Is.All.Match("^example [0-9]+, class [0-9]$"));
        Assert.That(weights.ClassMeans.Select(mean => mean.Name), Is.Ordered.And.Unique);
        Assert.That(report.Images.Single().Images.Select(image => image.Caption), Is.All.Match("^example [01], class [0-9]$"));
    }

    private TuningReport Tune(params string[] more)
    {
        CommandLine.Succeed([.. CommandLine.Quick, .. more, "--out", folder.Path]);
        return ReportFile.Read(folder.Path);
    }
}
