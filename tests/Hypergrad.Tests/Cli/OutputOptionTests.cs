using System.Text.Json;
using System.Text.RegularExpressions;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>What commands say, and where: --quiet, --json, --log, colours.</summary>
[TestFixture]
public sealed class OutputOptionTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Quiet_SaysNothing_ButWritesResultsThatAreTheOutput()
    {
        Assert.That(CommandLine.Succeed([.. CommandLine.Quick, "--quiet", "--out", folder.Path]), Is.Empty);
        Assert.That(File.Exists(folder.File("report.html")));
        Assert.That(
            CommandLine.Succeed("predict", folder.File("model"), "--data", "digits", "--examples", "3", "--quiet"),
            Does.StartWith("prediction").Or.Contain(","));
    }

    [Test]
    public void Json_OfATuning_IsTheResultFile_AndNothingElse()
    {
        var (code, output, error) = CommandLine.Run([.. CommandLine.Quick, "--json", "--out", folder.Path]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        Assert.That(output.TrimEnd(), Is.EqualTo(File.ReadAllText(folder.File("result.json"))));
    }

    [Test]
    public void Json_OfEveryCommandThatShowsSomething_IsOneObject()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        string model = folder.File("model"), onnx = folder.File("m.onnx"), trained = folder.File("trained");
        Assert.That(Json("data", "--examples", "50").GetProperty("examples").GetInt32(), Is.EqualTo(50));
        var evaluation = Json("evaluate", model, "--data", "digits", "--examples", "50");
        long counted = evaluation.GetProperty("classes").EnumerateArray().Sum(row => row.GetProperty("predictedAs").EnumerateArray().Sum(n => n.GetInt64()));
        Assert.That(counted, Is.EqualTo(50));
        Assert.That(Json("doctor").GetProperty("reversedExactly").GetBoolean());
        Assert.That(Json("export", model, "--onnx", onnx).GetProperty("written").GetString(), Is.EqualTo(onnx));
        Assert.That(Json("report", folder.Path).GetProperty("written").GetString(), Is.EqualTo(folder.File("report.html")));
        Assert.That(Json("train", "--start", folder.File("hyperparameters.json"), "--examples", "120", "--out", trained)
            .GetProperty("model").GetString(), Is.EqualTo(trained));
    }

    [Test]
    public void Json_WhereThereIsNone_IsRefused_AndAnErrorLeavesTheOutputEmpty()
    {
        CommandLine.Refuse(ExitCode.Usage, "write --format jsonl", "predict", folder.Path, "--data", "digits", "--json");
        CommandLine.Refuse(ExitCode.Usage, "leave --json out", "completion", "bash", "--json");
        CommandLine.Refuse(ExitCode.Usage, "there is no \"adem\"", [.. CommandLine.Quick, "--meta-optimizer", "adem", "--json"]);
    }

    [Test]
    public void Log_HasTheSameLines_WithTheirTimes_AndErrors_AddedAtTheEnd()
    {
        string log = folder.File("log.txt");
        var (code, output, _) = CommandLine.Run([.. CommandLine.Quick, "--log", log]);
        Assert.That(code, Is.EqualTo(ExitCode.Success));
        string[] lines = File.ReadAllLines(log);
        Assert.That(lines, Is.All.Match("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z "));
        Assert.That(lines.Select(line => line[25..]), Is.EqualTo(output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'))));
        CommandLine.Run([.. CommandLine.Quick, "--meta-optimizer", "adem", "--quiet", "--log", log]);
        string[] more = File.ReadAllLines(log);
        Assert.That(more, Has.Length.EqualTo(lines.Length + 1));
        Assert.That(more[^1], Does.Contain("Z hypergrad: --meta-optimizer: there is no"));
    }

    [Test]
    public void Log_ThatCannotBeWritten_IsRefused() => CommandLine.Refuse(ExitCode.Usage, $"--log {folder.File("no/log.txt")} cannot be written to",
        [.. CommandLine.Quick, "--log", folder.File("no/log.txt")]);

    [Test, Platform("Linux")]
    public void Terminal_HasColours_UnlessNoColorIsSet()
    {
        string Typescript(string environment)
        {
            string typescript = folder.File($"typescript-{environment.Length}");
            using var shell = RunningCommand.Shell(
            $"{environment} TERM=xterm-256color script -qec \"{{command}}\" {typescript} >{typescript}.out 2>&1", CommandLine.Quick);
            Assert.That(RunningCommand.Finish(shell).Code, Is.Zero, File.Exists(typescript) ? File.ReadAllText(typescript) : "there is no script");
            return File.ReadAllText(typescript);
        }
        const string colour = "\u001b\\[[0-9;]*[0-9]m";
        Assert.That(Regex.Matches(Typescript(""), colour), Is.Not.Empty);
        Assert.That(Regex.Matches(Typescript("NO_COLOR=1"), colour), Is.Empty);
        Assert.That(Regex.Matches(CommandLine.Run(CommandLine.Quick).Output, "\u001b"), Is.Empty, "what is no terminal has none");
    }

    private static JsonElement Json(params string[] arguments)
    {
        var (code, output, error) = CommandLine.Run([.. arguments, "--json"]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        using var document = JsonDocument.Parse(output);
        Assert.That(document.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
        return document.RootElement.Clone();
    }
}
