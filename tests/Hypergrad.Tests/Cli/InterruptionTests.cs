using System.Text.Json.Nodes;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>The command in a process of its own, which is killed.</summary>
[TestFixture]
public sealed class InterruptionTests
{
    private const int MetaSteps = 100, Kills = 5;

    private static readonly string[] Tune =
        ["tune", "--examples", "400", "--hidden", "8", "--steps", "10", "--batch-size", "20", "--fresh-seeds", "--threads", "1", "--meta-steps", $"{MetaSteps}", "--start-search", "0"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void KilledAtRandomMoments_AndResumed_EndsWithTheSameBits()
    {
        CommandLine.Succeed([.. Tune, "--out", folder.File("whole")]);
        var random = new Random(20150211);
        int killed = 0;
        for (int i = 0; i < Kills; i++)
        {
            string[] resume = i == 0 ? [] : ["--resume"];
            using var process = RunningCommand.Start([.. Tune, "--out", folder.File("killed"), .. resume]);
            RunningCommand.WaitForMetaStep(process);
            Thread.Sleep(random.Next(50));
            process.Kill();
            process.WaitForExit();
            killed += process.ExitCode == 0 ? 0 : 1;
        }
        Assert.That(killed, Is.GreaterThan(1), "the tuning is over before it can be killed");

        string shown = CommandLine.Succeed([.. Tune, "--out", folder.File("killed"), "--resume"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown, Does.Contain("Going on after meta-step "));
            Assert.That(File.ReadAllBytes(folder.File("killed/hyperparameters.json")), Is.EqualTo(File.ReadAllBytes(folder.File("whole/hyperparameters.json"))));
            Assert.That(WithoutTimes("killed"), Is.EqualTo(WithoutTimes("whole")));
            Assert.That(Directory.EnumerateFiles(folder.File("killed"), "*.new"), Is.Empty);
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no signals.")]
    public void InterruptedByTheUser_SaysHowToGoOn_AndGoesOn()
    {
        using var process = RunningCommand.Start([.. Tune, "--out", folder.Path]);
        RunningCommand.WaitForMetaStep(process);
        RunningCommand.Signal(process, "INT");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, error.Trim()), Is.EqualTo((ExitCode.Interrupted, "hypergrad: interrupted. What was done is kept; go on with --resume.")));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "tuning.state" }));
        Assert.That(CommandLine.Succeed([.. Tune, "--out", folder.Path, "--resume"]), Does.Contain("Going on after meta-step "));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no signals.")]
    public void InterruptedWithoutAFolder_DoesNotClaimThatAnythingWasKept()
    {
        using var process = RunningCommand.Start([.. Tune]);
        RunningCommand.WaitForMetaStep(process);
        RunningCommand.Signal(process, "INT");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, error.Trim()), Is.EqualTo(
            (ExitCode.Interrupted, "hypergrad: interrupted. Nothing was kept: without --out there is no folder to keep it in.")));
    }

    private string WithoutTimes(string name)
    {
        var result = JsonNode.Parse(File.ReadAllText(folder.File(Path.Combine(name, "result.json"))))!.AsObject();
        result.Remove("seconds");
        result.Remove("command");
        foreach (var step in result["metaSteps"]!.AsArray())
            step!.AsObject().Remove("seconds");
        return result.ToJsonString();
    }
}
