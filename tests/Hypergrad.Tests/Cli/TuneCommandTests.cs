using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

[TestFixture]
public sealed class TuneCommandTests
{
    // Every option of tune stands in one of these, beside those of the quick settings.
    private static readonly TestCaseData[] Choices =
    [
        Choice("relu, RMSProp", "--activation", "relu", "--meta-optimizer", "rmsprop", "--meta-step-size", "0.05", "--patience", "30", "--meta-step-decay", "40", "--clip-norm", "1", "--clip-entry", "0.5"),
        Choice("SGD, sampling", "--meta-optimizer", "sgd", "--sampling", "with-replacement", "--seed", "7", "--data-seed", "5", "--fresh-seeds"),
        Choice("sign, full batch", "--meta-optimizer", "sign", "--sampling", "full-batch", "--replicas", "2", "--threads", "1"),
        Choice("checkpointed", "--method", "checkpointed", "--snapshots", "2", "--precision", "double", "--backend", "managed"),
        Choice("checkpointed within a budget", "--method", "checkpointed", "--memory-budget", "1000000"),
        Choice("stored", "--method", "stored", "--backend", "auto"),
        Choice("DrMAD", "--method", "drmad", "--reverse-steps", "3", "--knots", "3"),
        Choice("starting values", "--learning-rate", "0.2", "--momentum", "0.8", "--initial-scale", "0.1", "--l2", "1e-4", "--l1", "1e-5"),
        Choice("split, normalisation", "--split", "60,30", "--normalize", "standardize", "--loss", "squared"),
        Choice("penalties", "--tune", "l2:unit", "l1:layer", "learning-rate:all:constant", "momentum:layer:per-step"),
        Choice("AdamW", "--optimizer", "adamw", "--beta1", "0.8", "--beta2", "0.99", "--epsilon", "1e-6", "--weight-decay", "0.1", "--scale-by-fan-in", "yes"),
        Choice("forms of schedules", "--optimizer", "adamw", "--tune", "learning-rate:all:linear-3", "weight-decay:layer:pieces-2", "epsilon:all:constant"),
        Choice("Nesterov", "--optimizer", "nesterov", "--method", "stored", "--dampening", "0.1"),
        Choice("PyTorch's momentum", "--dampening", "0", "--tune", "learning-rate:all"),
        Choice("examples", "--tune", "example-weights:all", "targets:0-4,7", "inputs:3"),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(Choices))]
    public void Options_LeadToAResultAndAReport(string[] options)
    {
        string shown = CommandLine.Succeed([.. CommandLine.Quick, .. options, "--out", folder.Path]);
        Assert.That(shown, Does.Contain("meta-step 1/2 validation loss ").And.Contain(" s left").And.Contain("2 meta-steps in ").And.Contain("validation loss (guides)"));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(
            new[] { "hyperparameters.json", "report.html", "report.json", "result.json", "tuning.state" }));
        Assert.That(Result().GetProperty("metaSteps").GetArrayLength(), Is.EqualTo(3));
        _ = Page();
    }

    [Test]
    public void EveryOption_IsTriedByATest()
    {
        string help = CommandLine.Succeed("tune", "--help");
        string[] there = [.. Regex.Matches(help, "--[a-z0-9-]+(?= <)|--fresh-seeds|--resume|--stratify|--decimal-comma|--thousands").Select(match => match.Value).Distinct()];
        string[] tried =
        [
            .. CommandLine.Quick, .. Choices.SelectMany(choice => (string[])choice.Arguments[0]!), "--out", "--resume", "--start", "--layers", // below
            "--data", "--images", "--labels", "--prefix", "--label-column", "--header", "--delimiter", "--task",
            "--target", "--validation-data", "--test-data", "--columns", "--ignore-columns", "--categories", "--missing", "--image-size", "--image-colours",
            "--unknown-categories", // by CategoryTests
            "--stratify", "--decimal-comma", "--thousands", // by DataOptionTests
            "--device", "--tf32", // by BackendOptionTests
            "--normalize-targets", // by RegressionTests
            "--network", // by NetworkOptionTests
            "--log", // by OutputOptionTests
            "--baseline", // by BaselineTests
        ];
        Assert.That(there, Has.Length.GreaterThan(40));
        Assert.That(there.Except(tried), Is.Empty);
    }

    [Test]
    public void Result_HoldsWhatWasAskedForAndEveryMetaStep()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--replicas", "2", "--out", folder.Path]);
        var result = Result();
        var steps = result.GetProperty("metaSteps");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.EnumerateObject().Select(field => field.Name), Is.EqualTo(
                new[] { "program", "command", "seconds", "configuration", "computedWith", "lossUnit", "learnedMetaStep", "metaSteps", "trainingLossesBefore",
                    "trainingLossesAfter" }));
            Assert.That(result.GetProperty("program").GetString(), Does.Match("^hypergrad [0-9.]+$"));
            Assert.That(result.GetProperty("command").GetString(), Is.EqualTo("hypergrad " + string.Join(' ', CommandLine.Quick) + $" --replicas 2 --out {folder.Path}"));
            Assert.That(result.GetProperty("configuration").GetProperty("network").GetString(), Is.EqualTo("784-4-10, tanh, 3190 weights"));
            Assert.That(result.GetProperty("configuration").GetProperty("optimizer").GetString(), Is.EqualTo("momentum, dampening momentum"));
            Assert.That(result.GetProperty("configuration").GetProperty("tuned learning rate").GetString(), Is.EqualTo("20 values, from 0.1"));
            Assert.That(steps.EnumerateArray().Select(step => step.GetProperty("metaStep").GetInt32()), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(steps[0].EnumerateObject().Select(field => field.Name), Is.EqualTo(new[]
            {
                "metaStep", "trainingLoss", "validationLoss", "validationLossStandardError", "validationErrorRate", "testLoss", "testLossStandardError",
                "testErrorRate", "gradientNorm", "bitsPerWeightStep", "entropyBitsPerWeightStep", "residentBitsPerWeight", "reversedExactly", "adjointGrowth", "outcome", "stepFactor", "seconds",
            }));
            // Of the learned hyperparameters no gradient is computed.
            Assert.That(steps[2].TryGetProperty("gradientNorm", out _), Is.False);
            Assert.That(result.GetProperty("trainingLossesBefore").GetArrayLength(), Is.EqualTo(5));
            Assert.That(result.GetProperty("trainingLossesAfter").GetArrayLength(), Is.EqualTo(5));
        }
    }

    [Test]
    public void Start_TakesALearnedFileBack_AndBeginsWithTheLossItEndedWith()
    {
        string[] first = [.. CommandLine.Quick, "--tune", "learning-rate:tensor", "l2:layer", "inputs:0-2", "--out", folder.File("first")];
        CommandLine.Succeed(first);
        CommandLine.Succeed("tune", "--examples", "120", "--layers", "784-4-10", "--batch-size", "20", "--meta-steps", "1",
            "--start", folder.File("first/hyperparameters.json"), "--out", folder.File("second"));
        double ended = Losses("first")[^1];
        // Through coordinates and back, a value may change in its last bit.
        Assert.That(Losses("second")[0], Is.EqualTo(ended).Within(1e-6));
        Assert.That(Losses("first")[0], Is.Not.EqualTo(ended).Within(1e-4));
    }

    [Test]
    public void Resume_AfterTheEnd_WritesTheSameAgain_AndMoreMetaStepsGoOn()
    {
        string[] tune = [.. CommandLine.Quick, "--out", folder.Path];
        CommandLine.Succeed(tune);
        string learned = File.ReadAllText(folder.File("hyperparameters.json"));
        Assert.That(CommandLine.Succeed([.. tune, "--resume"]), Does.Contain("Going on after meta-step 2."));
        Assert.That(File.ReadAllText(folder.File("hyperparameters.json")), Is.EqualTo(learned));

        string[] longer = [.. CommandLine.Quick.Select(argument => argument == "2" ? "4" : argument)];
        CommandLine.Succeed([.. longer, "--out", folder.Path, "--resume"]);
        CommandLine.Succeed([.. longer, "--out", folder.File("whole")]);
        Assert.That(File.ReadAllText(folder.File("hyperparameters.json")), Is.EqualTo(File.ReadAllText(folder.File("whole/hyperparameters.json"))).And.Not.EqualTo(learned));
    }

    // A training image stands beside what it was before; of penalties per weight there is a picture for each hidden unit.
    [TestCase("inputs:2,5", "Learned training images", 4)]
    [TestCase("l2:input", "L2 penalty of each pixel", 1)]
    [TestCase("l2:weight", "L2 penalty of each pixel", 4)]
    public void WhatBelongsToPixels_IsDrawn(string tuned, string title, int pictures)
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--tune", tuned, "--out", folder.Path]);
        var images = Page().Descendants().Where(element => element.Name.LocalName == "img" && element.Attribute("alt")!.Value.StartsWith(title, StringComparison.Ordinal));
        Assert.That(images.Select(Source).ToArray(), Has.Length.EqualTo(pictures).And.All.StartsWith("data:image/png;base64,"));
    }

    [Test]
    public void IdxFiles_AreTunedOn()
    {
        byte[] labels = [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 3))], pixels = [.. Enumerable.Range(0, 12 * 6).Select(i => (byte)(31 * i))];
        folder.Write("train-images-idx3-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.File(8, [12, 2, 3], pixels)));
        folder.Write("train-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.File(8, [12], labels)));
        string[] settings = ["--hidden", "none", "--steps", "3", "--batch-size", "4", "--meta-steps", "1", "--tune", "learning-rate:all", "l2:input", "--out"];
        CommandLine.Succeed(["tune", "--data", folder.Path, "--prefix", "train", .. settings, folder.File("folder")]);
        CommandLine.Succeed(["tune", "--images", folder.File("train-images-idx3-ubyte.gz"), "--labels", folder.File("train-labels-idx1-ubyte.gz"), .. settings, folder.File("pair")]);
        Assert.That(Losses("pair"), Is.EqualTo(Losses("folder")));
    }

    [Test]
    public void CsvOfARegression_IsTunedOn_WithTheSquaredLoss()
    {
        string file = folder.Write("x.csv", "a;b;y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i};{i * i % 7};{2 * i + 1}\n")));
        CommandLine.Succeed("tune", "--data", file, "--task", "regression", "--label-column", "y", "--header", "yes", "--delimiter", "semicolon",
            "--hidden", "3", "--steps", "3", "--batch-size", "4", "--meta-steps", "1", "--learning-rate", "0.001", "--out", folder.File("out"));
        var configuration = Result("out").GetProperty("configuration");
        Assert.That(configuration.GetProperty("network").GetString(), Is.EqualTo("2-3-1, tanh, 13 weights"));
        Assert.That(configuration.GetProperty("normalisation").GetString(), Is.EqualTo("standardize"));
        Assert.That(Result("out").GetProperty("metaSteps")[0].TryGetProperty("validationErrorRate", out _), Is.False);
    }

    [Test]
    public void Diverging_HasItsOwnExitCode_AndWritesNoResult()
    {
        var (code, _, error) = CommandLine.Run([.. CommandLine.Quick, "--learning-rate", "1e9", "--out", folder.Path]);
        Assert.That(code, Is.EqualTo(ExitCode.Diverged));
        Assert.That(error, Does.Match("^hypergrad: Training diverged at step [0-9]+ in [Wb][12]: .*\\. The learning rate reaches 1E\\+09 \\(step 0, W1\\): lower it\\.\\s*$"));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "tuning.state" }));
    }

    [Test]
    public void StoppedInItsFirstMetaStep_IsResumed_OrGivesItsPlaceToAnother()
    {
        string[] tune = [.. CommandLine.Quick, "--out", folder.Path], diverging = [.. tune, "--learning-rate", "1e9"];
        Assert.That(CommandLine.Run(diverging).Code, Is.EqualTo(ExitCode.Diverged));
        byte[] state = File.ReadAllBytes(folder.File("tuning.state"));

        var (code, output, _) = CommandLine.Run([.. diverging, "--resume"]);
        Assert.That(code, Is.EqualTo(ExitCode.Diverged));
        Assert.That(output, Does.Contain("Going on from the start: no meta-step was done."));
        CommandLine.Refuse(ExitCode.Usage, $"--resume: the tuning in {folder.Path} has other settings, and no meta-step of it is done. Leave --resume out to "
            + "start this one in its place.", [.. tune, "--resume"]);
        Assert.That(File.ReadAllBytes(folder.File("tuning.state")), Is.EqualTo(state));

        Assert.That(CommandLine.Succeed(tune), Does.Not.Contain("Going on"));
        Assert.That(CommandLine.Succeed([.. tune, "--resume"]), Does.Contain("Going on after meta-step 2."));
    }

    [Test]
    public void TooLargeAMetaStep_IsTakenBack_AndSaidSo()
    {
        string[] far = [.. CommandLine.Quick, "--meta-step-size", "1000", "--meta-optimizer", "sign", "--patience", "30", "--out", folder.Path];
        string output = CommandLine.Succeed(far);
        Assert.That(output, Does.Contain("were taken back and shortened").And.Contain("diverged"));
        var steps = Result().GetProperty("metaSteps");
        Assert.That(steps[1].GetProperty("outcome").GetString(), Is.EqualTo("diverged"));
        Assert.That(steps[1].TryGetProperty("validationLoss", out _), Is.False);
    }

    [Test]
    public void TuningThatEndsEarly_SaysWhy_OnTheScreenAndInTheReport()
    {
        string[] tune = ["tune", "--examples", "120", "--hidden", "4", "--steps", "5", "--batch-size", "20", "--meta-steps", "9", "--start-search", "0",
            "--meta-step-size", "1000", "--meta-optimizer", "sign", "--patience", "1", "--out", folder.Path];
        const string Why = "No meta-step made the validation loss lower, and what is left are the hyperparameters of the start; training with the last "
            + "ones diverged. 2 steps were taken back and shortened: 0 made the validation loss worse, 2 diverged. The tuning ended after 2 of 9 meta-steps, "
            + "since none was better than the best for 2 (--patience).";
        Assert.That(CommandLine.Succeed(tune), Does.Contain(Why).And.Contain(" 2 meta-steps in "));
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.Contain("gradients in 2 meta-steps. " + Why));
    }

    [Test]
    public void OneOfAKind_IsSaidAsOne()
    {
        string output = CommandLine.Succeed([.. CommandLine.Quick.Select(argument => argument == "2" ? "1" : argument), "--meta-step-size", "1000",
            "--meta-optimizer", "sign"]);
        Assert.That(output, Does.Contain(" 1 step was taken back and shortened: ").And.Contain(" 1 meta-step in ").And.Not.Contain("--patience"));
    }

    [Test]
    public void WithoutAFolder_NothingIsWritten() => Assert.That(CommandLine.Succeed(CommandLine.Quick), Does.Not.Contain("Written:"));

    private JsonElement Result(string name = "")
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(folder.File(Path.Combine(name, "result.json"))));
        return document.RootElement.Clone();
    }

    private double[] Losses(string name) =>
        [.. Result(name).GetProperty("metaSteps").EnumerateArray().Select(step => step.GetProperty("validationLoss").GetDouble())];

    // Parsed as XML, which a page that is not well-formed does not survive, and without a word of the world outside.
    private XDocument Page()
    {
        string text = File.ReadAllText(folder.File("report.html"));
        Assert.That(Regex.Matches(text, "[a-z]+://[^\"]*").Select(match => match.Value), Is.EqualTo(new[] { "http://www.w3.org/1999/xhtml" }));
        Assert.That(text, Does.Not.Contain("url(").And.Not.Contain("@import"));
        var page = XDocument.Parse(text);
        var outside = page.Descendants().Select(Source).Where(source => source.Length > 0 && source[0] != '#' && !source.StartsWith("data:", StringComparison.Ordinal));
        Assert.That(outside, Is.Empty);
        return page;
    }

    private static string Source(XElement element) => element.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName is "src" or "href")?.Value ?? "";

    private static TestCaseData Choice(string name, params string[] options) => new TestCaseData([options]).SetArgDisplayNames(name);
}
