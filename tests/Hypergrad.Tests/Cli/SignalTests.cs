using System.Text.Json;
using Hypergrad.Cli;
using Hypergrad.Tests.Files;

namespace Hypergrad.Tests.Cli;

/// <summary>Signals at any time, and two processes at one folder.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "There are no signals.")]
public sealed class SignalTests
{
    private static readonly string[] Long =
        ["tune", "--examples", "400", "--hidden", "8", "--steps", "200", "--batch-size", "20", "--threads", "1", "--meta-steps", "1000", "--start-search", "0"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void TuningThatIsInterrupted_KeepsWhatWasDone([Values("INT", "TERM", "HUP")] string signal)
    {
        using var process = RunningCommand.Start([.. Long, "--out", folder.Path]);
        RunningCommand.WaitForMetaStep(process);
        RunningCommand.Signal(process, signal);
        var (code, _, error) = RunningCommand.Finish(process);
        Assert.That((code, error), Is.EqualTo((ExitCode.Interrupted, "hypergrad: interrupted. What was done is kept; go on with --resume.")));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "tuning.state" }));
    }

    // Before the program itself runs the system ends it, with the codes that a shell gives: 130 for INT, 143 for TERM, 129 for HUP.
    [Test]
    public void SignalInTheFirstTenthsOfASecond_EndsItAsALaterOne([Values("INT", "TERM", "HUP")] string signal)
    {
        int bySystem = signal switch { "INT" => 130, "TERM" => 143, _ => 129 };
        for (int wait = 0; wait <= 400; wait += 40)
        {
            using var process = RunningCommand.Start([.. Long, "--out", folder.File($"{wait}")]);
            Thread.Sleep(wait);
            RunningCommand.Signal(process, signal);
            var (code, _, error) = RunningCommand.Finish(process);
            Assert.That(code, Is.AnyOf(bySystem, ExitCode.Interrupted), $"after {wait} ms: {error}");
            Assert.That(error, Is.Empty.Or.StartWith("hypergrad: interrupted."));
        }
    }

    [Test]
    public void SignalThatItWasStartedToIgnore_StaysIgnored()
    {
        using var process = RunningCommand.Shell("trap '' HUP; exec {command}", [.. Long, "--out", folder.Path]);
        RunningCommand.WaitForMetaStep(process);
        RunningCommand.Signal(process, "HUP");
        RunningCommand.WaitForMetaStep(process);
        RunningCommand.WaitForMetaStep(process);
        Assert.That(process.HasExited, Is.False);
        RunningCommand.Signal(process, "TERM");
        Assert.That(RunningCommand.Finish(process).Code, Is.EqualTo(ExitCode.Interrupted));
    }

    [Test]
    public void CommandThatHearsNothing_IsEndedAfterAMoment()
    {
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        using var process = RunningCommand.Start("data", "--data", pipe);
        Thread.Sleep(1000);
        RunningCommand.Signal(process, "INT");
        var (code, _, error) = RunningCommand.Finish(process);
        Assert.That((code, error), Is.EqualTo((ExitCode.Interrupted, "hypergrad: interrupted.")));
    }

    [Test]
    public void FolderOfALiveTuning_IsRefused_NamingItsProcess_AndThatOneIsNotDisturbed()
    {
        using var live = RunningCommand.Start([.. Long, "--out", folder.Path]);
        RunningCommand.WaitForMetaStep(live);
        string message = $"{folder.Path}: another tuning (process {live.Id}) is using this folder.";
        CommandLine.Refuse(ExitCode.FolderInUse, message, [.. Long, "--out", folder.Path, "--resume"]);
        CommandLine.Refuse(ExitCode.FolderInUse, message, [.. Long, "--out", folder.Path]);
        RunningCommand.WaitForMetaStep(live);
        RunningCommand.Signal(live, "KILL");
        live.WaitForExit();
        // What it left holds nobody up.
        using var resumed = RunningCommand.Start([.. Long, "--out", folder.Path, "--resume"]);
        RunningCommand.WaitForMetaStep(resumed);
        RunningCommand.Signal(resumed, "INT");
        Assert.That(RunningCommand.Finish(resumed).Code, Is.EqualTo(ExitCode.Interrupted));
    }

    [Test]
    public void TwoThatStartTogether_OneOfThemTunes()
    {
        string[] tune = [.. Long, "--out", folder.Path];
        using var first = RunningCommand.Start(tune);
        using var second = RunningCommand.Start(tune);
        int refused = Task.WaitAny(first.WaitForExitAsync(), second.WaitForExitAsync());
        var (loser, winner) = refused == 0 ? (first, second) : (second, first);
        var (code, _, error) = RunningCommand.Finish(loser);
        Assert.That(code, Is.EqualTo(ExitCode.FolderInUse));
        Assert.That(error, Does.StartWith($"hypergrad: {folder.Path}: another tuning (process {winner.Id}) is using this folder."));
        RunningCommand.WaitForMetaStep(winner);
        RunningCommand.Signal(winner, "INT");
        Assert.That(RunningCommand.Finish(winner).Code, Is.EqualTo(ExitCode.Interrupted));
    }

    [Test]
    public void Seconds_AreThoseOfAllProcesses()
    {
        string[] tune = [.. CommandLine.Quick[..^4], .. CommandLine.Quick[^2..], "--out", folder.Path];
        CommandLine.Succeed([.. tune, "--meta-steps", "20"]);
        double before = Seconds(out double steps);
        Assert.That(before, Is.EqualTo(steps).Within(1e-6));
        CommandLine.Succeed([.. tune, "--meta-steps", "21", "--resume"]);
        double after = Seconds(out steps);
        Assert.That(after, Is.EqualTo(steps).Within(1e-6));
        Assert.That(after, Is.GreaterThan(0.5 * before), "the first process's twenty are counted with the second one's one");
    }

    private double Seconds(out double steps)
    {
        using var result = JsonDocument.Parse(File.ReadAllBytes(folder.File("result.json")));
        steps = result.RootElement.GetProperty("metaSteps").EnumerateArray().Sum(step => step.GetProperty("seconds").GetDouble());
        return result.RootElement.GetProperty("seconds").GetDouble();
    }
}
