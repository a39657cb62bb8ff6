using System.Text.Json;
using Hypergrad.Cli;
using Hypergrad.Cli.Output;

namespace Hypergrad.Tests.Cli;

/// <summary>tune --baseline random.</summary>
[TestFixture]
public sealed class BaselineTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void RandomSearch_HasTheCostOfTheTuning_AndIsShownEverywhere()
    {
        string output = CommandLine.Succeed([.. CommandLine.Quick, "--baseline", "random", "--out", folder.Path]);
        // Two hypergradients of four trainings, and the last training; one more where the last was not the best.
        int trainings = Result().GetProperty("learnedMetaStep").GetInt32() == 2 ? 9 : 10;
        Assert.That(output, Does.Contain($"random search over constants of learning rate, momentum, initial scale, {trainings} trainings.")
            .And.Contain($"Equal cost: {trainings} trainings").And.Contain("A hypergradient counts as 4 trainings"));
        var baseline = Result().GetProperty("baseline");
        double?[] losses = [.. baseline.GetProperty("validationLosses").EnumerateArray().Select(loss => loss.ValueKind == JsonValueKind.Null ? null : (double?)loss.GetDouble())];
        Assert.That(losses, Has.Length.EqualTo(trainings));
        Assert.That(losses[0], Is.EqualTo(Result().GetProperty("metaSteps")[0].GetProperty("validationLoss").GetDouble()).Within(1e-4), "the first is the start");
        Assert.That(baseline.GetProperty("best").GetProperty("validationLoss").GetDouble(), Is.EqualTo(losses.Min()));
        var report = ReportFile.Read(folder.Path).Baseline!;
        Assert.That((report.Trainings, report.Curve[^1].Y), Is.EqualTo((trainings, losses.Min())));
        Assert.That(report.Figures.Select(figure => figure.Name), Is.EqualTo(new[] { "validation loss", "test loss", "validation error", "test error" }));
        Assert.That(File.ReadAllText(folder.File("report.html")), Does.Contain("<h2>Baseline</h2>"));
    }

    [Test]
    public void RandomSearch_ThatWasStopped_GoesOnWithTheSameTrials()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--baseline", "random", "--out", folder.Path]);
        string[] whole = Losses();
        // As if it had been stopped behind its third trial.
        var state = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(folder.File("baseline.json")));
        var three = state.GetProperty("trials").EnumerateArray().Take(3);
        File.WriteAllText(folder.File("baseline.json"), $"{{\"format\":\"hypergrad baseline 1\",\"trials\":[{string.Join(',', three)}]}}");
        string output = CommandLine.Succeed([.. CommandLine.Quick, "--baseline", "random", "--out", folder.Path, "--resume"]);
        Assert.That(output, Does.Contain("3 of them done before."));
        Assert.That(Losses(), Is.EqualTo(whole));
    }

    [Test]
    public void OfAnotherTuning_ItIsNotTakenOver()
    {
        Directory.CreateDirectory(folder.Path);
        folder.Write("baseline.json", "{\"format\":\"hypergrad baseline 1\",\"trials\":[]}");
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        Assert.That(File.Exists(folder.File("baseline.json")), Is.False);
    }

    [Test]
    public void BadBaselines_AreRefused()
    {
        CommandLine.Refuse(ExitCode.Usage, "--baseline: there is no \"grid\". Choose one of random.", [.. CommandLine.Quick, "--baseline", "grid"]);
        CommandLine.Refuse(ExitCode.Usage, "--baseline random searches for constants, and what is tuned belongs to single examples.",
            [.. CommandLine.Quick, "--tune", "example-weights:all", "--baseline", "random"]);
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        folder.Write("baseline.json", "{}");
        var (code, _, error) = CommandLine.Run([.. CommandLine.Quick, "--baseline", "random", "--out", folder.Path, "--resume"]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Data,
            $"hypergrad: {folder.File("baseline.json")} is damaged or of another version. Remove it to run the baseline anew.{Environment.NewLine}")));
    }

    [Test]
    public void DivergedTrials_Count_AndAreSaid()
    {
        // From a learning rate this high, most constants make training diverge.
        CommandLine.Succeed("tune", "--examples", "120", "--hidden", "4", "--activation", "relu", "--steps", "20", "--batch-size", "20", "--meta-steps", "3",
            "--tune", "learning-rate:all", "--learning-rate", "2", "--initial-scale", "1", "--meta-step-size", "0.01", "--baseline", "random", "--out", folder.Path);
        var baseline = Result().GetProperty("baseline");
        Assert.That(baseline.GetProperty("validationLosses").EnumerateArray().Count(loss => loss.ValueKind == JsonValueKind.Null),
            Is.EqualTo(baseline.GetProperty("diverged").GetInt32()));
    }

    private string[] Losses() => [.. Result().GetProperty("baseline").GetProperty("validationLosses").EnumerateArray().Select(loss => loss.GetRawText())];

    private JsonElement Result() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(folder.File("result.json")));
}
