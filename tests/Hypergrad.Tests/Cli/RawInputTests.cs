using System.Text.Json.Nodes;
using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>Whatever stands in files, names and options: what reaches the terminal is short, and of visible characters.</summary>
[TestFixture]
public sealed class RawInputTests
{
    private const string Escape = "\u001b[31mred\u0007\nforged: line";

    private static readonly string Endless = new('7', 1_000_000);

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("a,b,c\n1,2,x\n1,{0},y\n", "cell")]
    [TestCase("a,\"{0}\",c\n1,z,x\n1,2,y\n", "column")]
    [TestCase("1,2,\"{0}\"\n1,3,\"{0}\"\n", "class")]
    [TestCase("1,\"{0}x\",c\n1,2,y\n", "header or data")]
    [TestCase("\"{0}\",\"{0}\"\n", "header alone")]
    public void Table_IsRefusedInAShortVisibleLine(string text, string what)
    {
        foreach (string input in new[] { Endless + "x", Escape })
            Refused(["data", "--data", folder.Write("x.csv", text.Replace("{0}", input, StringComparison.Ordinal)), "--header", what.StartsWith("header", StringComparison.Ordinal) ? "auto" : "yes"],
                ExitCode.Data);
    }

    [Test]
    public void ColumnsThatAreListed_AreShort()
    {
        string file = folder.Write("x.csv", $"{Endless},\"{Escape}\",c\n1,2,3\n");
        Refused(["data", "--data", file, "--label-column", "d"], ExitCode.Data);
        Refused(["data", "--data", file, "--label-column", Escape + Endless], ExitCode.Data);
    }

    [Test]
    public void ClassNames_AreShownVisibly()
    {
        var (code, output, error) = CommandLine.Run("data", "--data", folder.Write("x.csv", $"a,b\n1,\"{Escape}\"\n2,{new string('y', 10_000)}\n"));
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        AssertVisible(output);
        Assert.That(output, Does.Contain("\\u001B[31mred").And.Length.LessThan(10_000));
    }

    [Test]
    public void FileNames_AreShownVisibly()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("There are no such names.");
        string name = folder.Write(Escape.Replace('/', ' '), "a,b\n1,0\n2,1\n");
        var (code, output, _) = CommandLine.Run("data", "--data", name);
        Assert.That(code, Is.EqualTo(ExitCode.Success));
        AssertVisible(output);
        Refused(["data", "--data", folder.File($"none{Escape}")], ExitCode.Data);
        Refused(["data", "--data", folder.File(Endless)], ExitCode.Data);
        Refused(["gradient", folder.File($"none{Escape}")], ExitCode.Data);
        Refused([.. CommandLine.Quick, "--out", folder.File($"none{Escape}"), "--resume"], ExitCode.Usage);
    }

    [TestCaseSource(nameof(BadRuns))]
    public void Run_IsRefusedInAShortVisibleLine(Action<JsonObject, string> spoil)
    {
        foreach (string input in new[] { Endless, Escape })
        {
            var run = ExplicitRuns.Small();
            spoil(run, input);
            Refused(["gradient", folder.Write("run.json", run.ToJsonString())], ExitCode.Data);
        }
    }

    private static IEnumerable<TestCaseData> BadRuns()
    {
        yield return Case("name", (run, input) => run[input] = 1);
        yield return Case("choice", (run, input) => run["activation"] = input);
        yield return Case("text for a number", (run, input) => run["l2"] = input);
        yield return Case("array for a number", (run, input) => run["train"]!["inputs"]![0]![0] = new JsonArray(input));

        static TestCaseData Case(string name, Action<JsonObject, string> spoil) => new TestCaseData(spoil).SetArgDisplayNames(name);
    }

    [Test]
    public void TextThatIsNoJson_IsRefusedInAShortVisibleLine()
    {
        foreach (string text in new[] { Escape, "{\"" + Escape, "{" + Endless, "[" + Endless + "e" })
            Refused(["gradient", folder.Write("run.json", text)], ExitCode.Data);
    }

    [TestCase("tune", "--activation")]
    [TestCase("tune", "--learning-rate")]
    [TestCase("tune", "--steps")]
    [TestCase("tune", "--tune")]
    [TestCase("tune", "--split")]
    [TestCase("tune", "--hidden")]
    [TestCase("tune", "--backend")]
    [TestCase("doctor")]
    public void Option_IsRefusedInAShortVisibleLine(params string[] words)
    {
        foreach (string input in new[] { Endless + "x", Escape })
            Refused([.. words, input], ExitCode.Usage);
    }

    private static void Refused(string[] arguments, int exitCode)
    {
        var (code, _, error) = CommandLine.Run(arguments);
        Assert.That(code, Is.EqualTo(exitCode), error.Length > 1000 ? error[..1000] : error);
        AssertVisible(error);
        Assert.That(error, Does.Not.Contain("\nforged").And.Length.LessThan(2000));
    }

    private static void AssertVisible(string text) => Assert.That(
        text.Where(letter => char.IsControl(letter) && letter is not ('\n' or '\r')).Select(letter => $"U+{(int)letter:X4}"), Is.Empty);
}
