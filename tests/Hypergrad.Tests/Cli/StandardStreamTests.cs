using Hypergrad.Cli;
using Hypergrad.Files;
using Hypergrad.Tests.Files;

namespace Hypergrad.Tests.Cli;

/// <summary>The command in a process of its own, whose standard output or error is closed or full: never an abort.</summary>
[TestFixture]
[Platform("Linux", Reason = "The shell's redirections and /dev/full.")]
public sealed class StandardStreamTests
{
    private const string Full = "No space left on device";

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase(">&-", ExitCode.Success, "")]
    [TestCase("2>&-", ExitCode.Success, "")]
    [TestCase("<&- >&- 2>&-", ExitCode.Success, "")]
    [TestCase(">/dev/full", ExitCode.Output, "hypergrad: the standard output cannot be written to: No space left on device")]
    [TestCase(">/dev/full 2>/dev/full", ExitCode.Output, "")]
    public void TuningWhoseOutputIsGone_GoesOnToItsEnd(string redirection, int code, string message)
    {
        string[] tune = [.. CommandLine.Quick, "--out", folder.File("out")];
        Assert.That(Run(tune, redirection), Is.EqualTo((code, message)));
        Assert.That(Directory.EnumerateFiles(folder.File("out")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "hyperparameters.json", "report.html", "report.json", "result.json", "tuning.state" }));
        using var result = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(folder.File("out/result.json")));
        Assert.That(result.RootElement.GetProperty("metaSteps").GetArrayLength(), Is.EqualTo(3));
    }

    [TestCase(">&-", ExitCode.Success, "")]
    [TestCase(">/dev/full", ExitCode.Output, Full)]
    public void EveryCommand_EndsWithADocumentedCode(string redirection, int code, string message)
    {
        string run = folder.Write("run.json", ExplicitRuns.Small().ToJsonString());
        foreach (string[] arguments in new[] { ["gradient", run], new[] { "data", "--examples", "20" }, ["--help"], ["--version"] })
        {
            var (found, error) = Run(arguments, redirection);
            Assert.That(found, Is.EqualTo(code), arguments[0]);
            Assert.That(error, message.Length == 0 ? Is.Empty : Does.EndWith(message));
        }
    }

    [TestCase("2>&-")]
    [TestCase("2>/dev/full")]
    [TestCase(">&- 2>&-")]
    public void ErrorThatNobodyReads_KeepsItsCode(string redirection)
    {
        Assert.That(Run(["tunee"], redirection).Code, Is.EqualTo(ExitCode.Usage));
        Assert.That(Run(["gradient", folder.File("none")], redirection).Code, Is.EqualTo(ExitCode.Data));
    }

    [Test]
    public void OutputThatIsCutOff_EndsQuietly()
    {
        string[] tune = [.. CommandLine.Quick, "--out", folder.File("out")];
        Assert.That(Run(tune, "| head -n 1 >/dev/null; exit ${PIPESTATUS[0]}"), Is.EqualTo((ExitCode.Success, "")));
        Assert.That(File.Exists(folder.File("out/result.json")));
    }

    [Test]
    public void DescriptorsOfTheShell_AreReadAndWritten()
    {
        string run = folder.Write("run.json", ExplicitRuns.Small().ToJsonString()), log = folder.Write("log", "before\n");
        Assert.That(Run(["gradient", run, "--out", "/dev/stdout"], $">>{log}; echo after >>{log}"), Is.EqualTo((0, "")));
        string text = File.ReadAllText(log);
        Assert.That(text, Does.StartWith("before\n{").And.EndWith("}after\n"));
        Assert.That(Run(["gradient", "/dev/stdin", "--out", folder.File("a")], $"<{run}"), Is.EqualTo((0, "")));
        Assert.That(Run(["gradient"], $"<(cat {run}) --out >(cat >{folder.File("b")})"), Is.EqualTo((0, "")));
        string table = folder.Write("x.csv", "a,b\n1,0\n2,1\n3,0\n");
        Assert.That(Run(["data", "--data", "/dev/stdin"], $"< <(gzip -c {table}) >/dev/null"), Is.EqualTo((0, "")));
        Assert.That("before\n" + File.ReadAllText(folder.File("a")) + "after\n", Is.EqualTo(text));
    }

    [Test]
    public void LogThatCannotBeAddedTo_IsToldOf_AndTheResultIsThere()
    {
        string full = SpecialFiles.Full(folder.File("full"));
        string[] tune = [.. CommandLine.Quick, "--out", folder.File("out"), "--log", full];
        var (code, error) = Run(tune, ">/dev/null");
        Assert.That(code, Is.EqualTo(ExitCode.Output), error);
        Assert.That(error, Does.StartWith($"hypergrad: the log cannot be written to: {Full}").And.Not.Contain("Unhandled"));
        Assert.That(File.Exists(folder.File("out/result.json")));
        Assert.That(FilePath.Follow(full).Kind, Is.EqualTo(FileKind.CharacterDevice));
    }

    [Test]
    public void LogWhoseReaderGoes_EndsQuietly()
    {
        string pipe = SpecialFiles.Pipe(folder.File("pipe"));
        Assert.That(Run([.. CommandLine.Quick, "--log", pipe], $">/dev/null & head -n 1 <{pipe} >/dev/null; wait $!"),
            Is.EqualTo((ExitCode.Success, "")));
    }

    [Test]
    public void LogOnADisk_IsRefused()
    {
        string disk = SpecialFiles.Disk(folder.File("disk"));
        Assert.That(Run(["data", "--examples", "20", "--log", disk], ">/dev/null"),
            Is.EqualTo((ExitCode.Usage, $"hypergrad: --log {disk} is a disk, which no log can be written to; name a file.")));
    }

    private static (int Code, string Error) Run(string[] arguments, string redirection)
    {
        using var process = RunningCommand.Shell($"{{command}} {redirection}", arguments);
        var (code, _, error) = RunningCommand.Finish(process);
        return (code, error);
    }
}
