using System.Text.Json;
using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

[TestFixture]
[NonParallelizable]
public sealed class PlanCommandTests
{
    // What a tuning is described by, and nothing of where its results go.
    private static readonly string[] Quick = ["plan", .. CommandLine.Quick[1..], "--threads", "1"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Plan_ShowsEveryMethodTheChoiceAndTheCalibration()
    {
        string shown = CommandLine.Succeed([.. Quick, "--memory", "1GB", "--out", folder.File("plan.json")]);
        Assert.That(shown, Does.Contain("one hypergradient").And.Contain("│ stored │ yes │").And.Contain("│ drmad │ no │")
            .And.Match("Choice: [a-z]+.*, the fastest exact method within 1 GB; 2 meta-steps of it take about [0-9.]+ m?s\\.")
            .And.Contain("a reverse step, undone").And.Contain("of 5 steps at a time"));
        using var plan = JsonDocument.Parse(File.ReadAllText(folder.File("plan.json")));
        var methods = plan.RootElement.GetProperty("methods").EnumerateArray().ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(methods.Select(method => method.GetProperty("method").GetString()),
                Is.EqualTo(new[] { "stored", "reversible", "reversible", "checkpointed", "drmad" }));
            foreach (var method in methods)
                foreach (string name in new[] { "seconds", "memory", "flops", "bytes" })
                    Assert.That(method.GetProperty(name).GetDouble(), Is.GreaterThan(0), name);
            Assert.That(methods.Select(method => method.GetProperty("description").GetString()),
                Does.Contain(plan.RootElement.GetProperty("choice").GetString()));
            Assert.That(plan.RootElement.GetProperty("memoryAllowed").GetDouble(), Is.EqualTo(1e9));
            Assert.That(plan.RootElement.GetProperty("metaSteps").GetInt32(), Is.EqualTo(2));
            Assert.That(plan.RootElement.GetProperty("calibration").GetProperty("kindsOfWork").GetArrayLength(), Is.EqualTo(8));
        }
    }

    [Test]
    public void RunFile_IsPlannedForAsGradientComputesIt()
    {
        File.WriteAllText(folder.File("run.json"), ExplicitRuns.Small().ToJsonString());
        string shown = CommandLine.Succeed("plan", folder.File("run.json"), "--threads", "1", "--out", folder.File("double.json"));
        Assert.That(shown, Does.Contain("Choice: ").And.Not.Contain("meta-steps"));
        CommandLine.Succeed("plan", folder.File("run.json"), "--threads", "1", "--precision", "single", "--out", folder.File("single.json"));
        // In double precision unless told otherwise.
        Assert.That(StoredMemory("double.json"), Is.GreaterThan(StoredMemory("single.json")));
    }

    [Test]
    public void MethodThatIsNamed_IsPlannedWithItsSettings() => Assert.That(
        CommandLine.Succeed([.. Quick, "--method", "checkpointed", "--snapshots", "2"]), Does.Contain("checkpointed, 2 snapshots"));

    [Test]
    public void TooLittleMemory_IsSaid_BelowTheTable()
    {
        var (code, output, error) = CommandLine.Run([.. Quick, "--memory", "1kB"]);
        Assert.That(code, Is.EqualTo(ExitCode.Memory));
        Assert.That(output, Does.Contain("Not stored: It takes"));
        Assert.That(error, Does.Match("^hypergrad: No exact method fits into 1 kB\\. Give more with --memory; the least is [0-9.]+ [kM]B\\."));
    }

    [TestCase("4GB", 4_000_000_000)]
    [TestCase("1.5 MiB", 1_572_864)]
    [TestCase("100k", 100_000)]
    [TestCase("12345678", 12_345_678)]
    public void Memory_TakesUnits(string text, long bytes)
    {
        _ = CommandLine.Run([.. Quick, "--memory", text, "--out", folder.File("plan.json")]);
        using var plan = JsonDocument.Parse(File.ReadAllText(folder.File("plan.json")));
        Assert.That(plan.RootElement.GetProperty("memoryAllowed").GetDouble(), Is.EqualTo(bytes));
    }

    [TestCase("4XB")]
    [TestCase("much")]
    [TestCase("-1GB")]
    [TestCase("0")]
    public void MemoryThatIsNoSize_IsRefused(string text) => CommandLine.Refuse(ExitCode.Usage,
        $"--memory {text}: write a size such as 4GB, 500MB, 16GiB, or a number of bytes.", [.. Quick, $"--memory={text}"]);

    [Test]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        File.WriteAllText(folder.File("run.json"), ExplicitRuns.Small().ToJsonString());
        CommandLine.Refuse(ExitCode.Usage, "--steps and ", "plan", folder.File("run.json"), "--steps", "5");
        CommandLine.Refuse(ExitCode.Usage, "the file describes the whole run. Leave one of them out.",
            "plan", folder.File("run.json"), "--meta-steps", "5");
        CommandLine.Refuse(ExitCode.Usage, "--compare computes hypergradients, and this command only predicts what they take; leave it out.",
            [.. Quick, "--method", "drmad", "--compare"]);
        CommandLine.Refuse(ExitCode.Usage, " is a folder; name a file.", [.. Quick, "--out", folder.Path]);
        CommandLine.Refuse(ExitCode.Data, "nowhere.json", "plan", folder.File("nowhere.json"));
    }

    // Those of tune are tried by its tests.
    [Test]
    public void EveryOption_IsOneOfTune_OrTriedByATest()
    {
        string[] Options(string command) => [.. Regex.Matches(CommandLine.Succeed(command, "--help"), "(?<=[ ,])--[a-z0-9-]+(?= )")
            .Select(match => match.Value).Distinct()];
        string[] there = Options("plan");
        Assert.That(there, Has.Length.GreaterThan(40).And.SupersetOf(new[] { "--memory", "--out" }));
        Assert.That(there.Except(Options("tune")), Is.EquivalentTo(new[] { "--memory" }));
    }

    private double StoredMemory(string name)
    {
        using var plan = JsonDocument.Parse(File.ReadAllText(folder.File(name)));
        return plan.RootElement.GetProperty("methods")[0].GetProperty("memory").GetDouble();
    }
}
