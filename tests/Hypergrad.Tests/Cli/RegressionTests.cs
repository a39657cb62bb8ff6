using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>A regression on prices, as a user would start it: the targets as they come, and every figure in their unit.</summary>
[TestFixture]
public sealed partial class RegressionTests
{
    // Prices about 3e5 with a spread of 8e4, of which the size and the age tell most.
    private static readonly string Prices = "size,age,price\n" + string.Concat(Enumerable.Range(0, 120).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{50 + 37 * i % 101},{11 * i % 60},{200_000 + 2_500 * (37 * i % 101) - 1_000 * (11 * i % 60)}.5\n")));

    private TemporaryFolder folder = null!;

    private string[] Tune => ["tune", "--data", folder.Write("prices.csv", Prices), "--label-column", "price", "--hidden", "8", "--steps", "60",
        "--batch-size", "30", "--learning-rate", "0.3", "--initial-scale", "0.3", "--meta-steps", "3"];

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void TargetsAreStandardised_AndEveryFigureIsInTheUnitsOfTheData()
    {
        const string Loss = "half the mean squared error, in squared units of the target";
        string shown = CommandLine.Succeed([.. Tune, "--out", folder.File("out")]);
        Assert.That(shown, Does.Contain($" loss {Loss} network ").And.Contain(
            $"Losses are {Loss}. RMSE is the root of the mean squared error, in units of the target. R² is the share of the variance of the targets "
                + "that is explained: 1 is perfect, 0 is no better than their mean."));
        Assert.That(shown, Does.Match("target normalisation +standardize: less 2[0-9.E+]+, over [0-9.E+]+; undone in what is shown"));
        Assert.That(shown, Does.Contain("validation RMSE │").And.Contain("test RMSE │").And.Contain("validation R² │").And.Contain("test R² │"));
        Assert.That(shown, Does.Contain("R² 0."), "progress shows it too");
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("out/result.json")));
        var last = result.RootElement.GetProperty("metaSteps").EnumerateArray().Last();
        double rmse = Number(last, "validationRmse"), rSquared = Number(last, "validationRSquared"), loss = Number(last, "validationLoss");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rSquared, Is.InRange(0.7, 1));
            Assert.That(Number(last, "testRSquared"), Is.InRange(0.5, 1));
            Assert.That(rmse, Is.InRange(1_000, 45_000), "the spread is 75,000");
            Assert.That(loss, Is.EqualTo(rmse * rmse / 2).Within(1e-9).Percent);
            Assert.That(Number(last, "testRmse"), Is.InRange(1_000, 60_000));
            Assert.That(result.RootElement.GetProperty("trainingLossesBefore")[0].GetDouble(), Is.GreaterThan(1e8));
            Assert.That(result.RootElement.GetProperty("lossUnit").GetString(), Is.EqualTo("squared units of the target"));
            Assert.That(result.RootElement.GetProperty("errorUnit").GetString(), Is.EqualTo("units of the target"));
            Assert.That(result.RootElement.GetProperty("configuration").GetProperty("loss").GetString(), Is.EqualTo(Loss));
            Assert.That(result.RootElement.GetProperty("targetNormalization").GetProperty("shift")[0].GetDouble(), Is.InRange(2e5, 4e5));
        }
        string report = File.ReadAllText(folder.File("out/report.html"));
        Assert.That(report, Does.Contain("validation RMSE, units of the target").And.Contain("validation R²").And.Contain("target normalisation"));
        Assert.That(report, Does.Contain($"Losses are {Loss}. RMSE is the root of the mean squared error, in units of the target."));
        Assert.That(report, Does.Contain(" on prices.csv</h1>"), "where the file lies is said in the configuration");
        Assert.That(Headline().Match(report).Groups[1].Value, Is.EqualTo("better"), "a higher R² is better");
    }

    // Of the same model the same figures, on the screen and as JSON.
    [Test]
    public void Training_AndEvaluation_SayTheUnits()
    {
        const string Loss = "half the mean squared error, in squared units of the target";
        CommandLine.Succeed([.. Tune, "--out", folder.File("out")]);
        string[] train = ["train", "--start", folder.File("out/hyperparameters.json"), "--data", folder.File("prices.csv"), "--out", folder.File("model")];
        Assert.That(CommandLine.Succeed(train), Does.Match($"test loss [0-9.E+]+ loss {Loss} Written"));
        string[] evaluate = ["evaluate", folder.File("model"), "--data", folder.File("prices.csv")];
        Assert.That(CommandLine.Succeed(evaluate), Does.Contain($"Losses are {Loss}. RMSE is the root of the mean squared error, in units of the target. "));
        using var figures = JsonDocument.Parse(CommandLine.Succeed([.. evaluate, "--json"]));
        Assert.That((figures.RootElement.GetProperty("lossUnit").GetString(), figures.RootElement.GetProperty("errorUnit").GetString()),
            Is.EqualTo(("squared units of the target", "units of the target")));
        double rmse = figures.RootElement.GetProperty("rmse")[0].GetDouble();
        Assert.That(Number(figures.RootElement, "loss"), Is.EqualTo(rmse * rmse / 2).Within(1e-6).Percent);
    }

    // Each is scaled by its own deviation, so that there is no common unit in training, and there is one of each target in evaluation.
    [Test]
    public void SeveralTargets_AreSummed_InStandardDeviations()
    {
        string data = folder.Write("two.csv", "x,y,z\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 9}.5,{i % 9 * 2}.25,{i % 9 * 300}.5\n"))));
        string[] tune = ["tune", "--data", data, "--target", "y,z", "--steps", "4", "--batch-size", "10", "--meta-steps", "1", "--start-search", "0"];
        Assert.That(CommandLine.Succeed([.. tune, "--out", folder.File("out")]), Does.Contain(
            "Losses are half the mean squared error, summed over 2 targets, in variances of the targets. RMSE is the root of the mean squared error, in standard deviations of the targets."));
        Assert.That(CommandLine.Succeed("evaluate", folder.File("out/model"), "--data", data), Does.Contain(
            "Losses are half the mean squared error, summed over 2 targets, in squared units of the targets. "));
    }

    [TestCase("softmax-cross-entropy", "softmax cross-entropy, in nats")]
    [TestCase("squared", "half the squared error of the outputs, which are 0 or 1 for each class: no unit")]
    public void Classes_HaveAUnit_OrNone(string loss, string words)
    {
        string shown = CommandLine.Succeed([.. CommandLine.Quick, "--loss", loss, "--out", folder.File("out")]);
        Assert.That(shown, Does.Contain($" loss {words} network ").And.Not.Contain("RMSE"));
        Assert.That(CommandLine.Succeed("evaluate", folder.File("out/model"), "--data", "digits", "--examples", "20"), Does.Contain($"The loss is {words}."));
    }

    [Test]
    public void AsTheyCome_PricesDiverge_AndTheScaleOfTheTargetsIsNamed()
    {
        var (code, _, error) = CommandLine.Run([.. Tune, "--normalize-targets", "none"]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Diverged, error)));
        Assert.That(error, Does.Match("The targets have a root mean square of up to [23]\\.?[0-9]*E\\+05: standardise them\\.\\s*$"));
    }

    [Test]
    public void NumbersOfOrdinarySize_GiveTheSameFigures_WithAndWithout()
    {
        folder.Write("small.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i / 10.0},{Math.Sin(i / 10.0):F4}\n"))));
        string[] tune = ["tune", "--data", folder.File("small.csv"), "--steps", "20", "--meta-steps", "1", "--batch-size", "10",
            "--start-search", "0"];
        foreach (string mode in new[] { "none", "center", "unit-range", "standardize" })
        {
            CommandLine.Succeed([.. tune, "--normalize-targets", mode, "--out", folder.File(mode)]);
            using var result = JsonDocument.Parse(File.ReadAllText(folder.File(mode + "/result.json")));
            var first = result.RootElement.GetProperty("metaSteps")[0];
            // Before anything is learned a network says the mean, or 0: both about the spread of a sine off.
            Assert.That(Number(first, "validationRmse"), Is.InRange(0.3, 1.1), mode);
            Assert.That(Number(first, "validationRSquared"), Is.LessThan(1), mode);
            string spelled = result.RootElement.TryGetProperty("targetNormalization", out var targets) ? targets.GetProperty("mode").GetString()! : "none";
            Assert.That(spelled, Is.EqualTo(mode), "result.json");
            Assert.That(result.RootElement.GetProperty("configuration").GetProperty("target normalisation").GetString(), Does.StartWith(mode));
        }
    }

    [Test]
    public void Resuming_WithTargetsNormalisedOtherwise_IsRefused()
    {
        string[] tune = [.. Tune, "--out", folder.File("out")];
        CommandLine.Succeed(tune);
        CommandLine.Refuse(ExitCode.Usage, "its target normalisation is Standardize (less ", [.. tune, "--normalize-targets", "none", "--resume"]);
    }

    [Test]
    public void LearnedTargets_AreReportedAsPrices()
    {
        CommandLine.Succeed([.. Tune, "--tune", "learning-rate:tensor", "targets:0-2", "--out", folder.File("out")]);
        string report = File.ReadAllText(folder.File("out/report.html"));
        var values = Regex.Matches(report, "<th scope=\"row\">example [0-9]+[^<]*</th><td>([0-9e.-]+)</td>").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.That(values.ToArray(), Has.Length.EqualTo(3).And.All.InRange(1e5, 5e5));
    }

    [Test]
    public void Classes_HaveNoNormalisation() => CommandLine.Refuse(ExitCode.Usage,
        "--normalize-targets belongs to a regression: targets that are numbers, with the squared loss. Leave --normalize-targets out.",
        [.. CommandLine.Quick, "--normalize-targets", "standardize"]);

    [Test]
    public void UnknownNormalisation_IsAUsageError() => CommandLine.Refuse(
        ExitCode.Usage, "--normalize-targets: there is no \"standardise\". Did you mean standardize?", [.. Tune, "--normalize-targets", "standardise"]);

    private static double Number(JsonElement record, string name) => record.GetProperty(name).GetDouble();

    [GeneratedRegex("<p class=\"figure-name\">validation R²</p>.*?class=\"change ([a-z]+)\"", RegexOptions.Singleline)]
    private static partial Regex Headline();
}
