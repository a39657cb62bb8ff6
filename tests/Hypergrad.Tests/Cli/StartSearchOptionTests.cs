using System.Text.Json;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

[TestFixture]
public sealed class StartSearchOptionTests
{
    private static readonly string[] Tune =
        ["tune", "--examples", "120", "--hidden", "4", "--steps", "5", "--batch-size", "20", "--meta-steps", "1", "--threads", "1"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Search_IsInTheSummaryTheResultAndTheReport()
    {
        string shown = CommandLine.Succeed([.. Tune, "--start-search", "6", "--metasmoothness", "--out", folder.Path]);
        Assert.That(shown, Does.Match("Start: 6 trainings in [0-9.]+ s; validation loss 2\\.[0-9]{4} as stated, [0-9.]+ at the best: ")
            .And.Match("Metasmoothness for steps of 0\\.1: -?[01]\\.[0-9]{2} at the start, -?[01]\\.[0-9]{2} as learned"));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("result.json")));
        var search = result.RootElement.GetProperty("startSearch");
        var smoothness = result.RootElement.GetProperty("metasmoothness");
        string report = File.ReadAllText(folder.File("report.html"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(search.GetProperty("constants").EnumerateArray().Select(name => name.GetString()),
                Is.EqualTo(new[] { "learningRate", "momentum", "initialWeights" }));
            var losses = search.GetProperty("trials").EnumerateArray().Select(trial => trial.GetProperty("validationLoss").GetDouble()).ToArray();
            Assert.That(losses, Has.Length.EqualTo(6));
            Assert.That(result.RootElement.GetProperty("metaSteps")[0].GetProperty("validationLoss").GetDouble(),
                Is.EqualTo(losses.Min()).Within(1e-5));
            Assert.That(smoothness.GetProperty("step").GetDouble(), Is.EqualTo(0.1));
            Assert.That(smoothness.GetProperty("atStart").GetDouble(), Is.InRange(-1, 1));
            Assert.That(smoothness.GetProperty("asLearned").GetDouble(), Is.InRange(-1, 1));
            Assert.That(report, Does.Contain("Start: 6 trainings in ").And.Contain("Metasmoothness for steps of 0.1"));
        }
    }

    [Test]
    public void ByDefault_ThereIsOne_ButNotFromAFile_NorWhereNoConstantIsTuned()
    {
        Assert.That(CommandLine.Succeed([.. Tune, "--out", folder.File("first")]), Does.Contain("Start: 32 trainings in "));
        Assert.That(CommandLine.Succeed("tune", "--examples", "120", "--hidden", "4", "--batch-size", "20", "--meta-steps", "1",
            "--start", folder.File("first/hyperparameters.json")), Does.Not.Contain("Start: "));
        Assert.That(CommandLine.Succeed([.. Tune, "--tune", "example-weights:all"]), Does.Not.Contain("Start: "));
        CommandLine.Refuse(ExitCode.Usage, "this run tunes none of them, only its examples.",
            [.. Tune, "--tune", "example-weights:all", "--start-search", "5"]);
        CommandLine.Refuse(ExitCode.Usage, "A search for a start of -1 trainings: it needs at least 1.", [.. Tune, "--start-search", "-1"]);
    }
}
