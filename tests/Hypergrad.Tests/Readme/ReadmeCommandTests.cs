using System.Text.RegularExpressions;
using Hypergrad.Backends.Native;
using Hypergrad.Cli;
using Hypergrad.Tests.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Readme;

/// <summary>
/// The commands that README.md and docs/getting-started.md print, typed one after the other on small data of the names that it uses. Those of dotnet are typed by
/// tests/packaging, which has the packages.
/// </summary>
[TestFixture]
public sealed class ReadmeCommandTests
{
    private static readonly string[] Languages = ["sh", "csharp", "cs"];
    private static readonly string[] Documents = ["README.md", "docs/getting-started.md"];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeData()
    {
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("path/to/mnist"));
        byte[] images = [.. Enumerable.Range(0, 60 * 28 * 28).Select(i => (byte)(i * 7919 % 251))], labels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 10))];
        folder.Write("path/to/mnist/train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 60, 0, 0, 0, 28, 0, 0, 0, 28, .. images]);
        folder.Write("path/to/mnist/train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 60, .. labels]);
        folder.Write("table.csv", "length,width,species\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i * i % 7},{(i % 2 == 0 ? "setosa" : "virginica")}\n")));
        folder.Write("run.json", ExplicitRuns.Small().ToJsonString());
        foreach (var (name, grey) in new[] { ("cats", 200), ("dogs", 50) })
        {
            Directory.CreateDirectory(folder.File($"pictures/{name}"));
            for (int i = 0; i < 8; i++)
                folder.Write($"pictures/{name}/{i}.png", Pictures.Png(20, 20, (byte)(grey + i)));
        }
    }

    [TearDown]
    public void RemoveData() => folder.Dispose();

    [TestCaseSource(nameof(Documents))]
    public void EveryBlock_IsTested(string document) =>
        Assert.That(new DocumentBlocks(document).Languages.Distinct(), Is.Not.Empty.And.SubsetOf(Languages));

    [TestCaseSource(nameof(Documents))]
    public void EveryProgram_IsOneOfThoseTested(string document) => Assert.That(
        new DocumentBlocks(document).Commands().Select(line => line.Split(' ')[0]).Distinct(),
        Is.SubsetOf(new[] { "hypergrad", "dotnet", "./build.sh", "tar", "cd" }).And.SupersetOf(new[] { "hypergrad", "dotnet", "./build.sh" }));

    [TestCaseSource(nameof(Documents))]
    [TestCase("docs/troubleshooting.md")]
    [TestCase("docs/performance.md")]
    [TestCase("docs/README.md")]
    [TestCase("CONTRIBUTING.md")]
    public void EveryVerb_IsOneOfTheBuildScript(string document)
    {
        string script = File.ReadAllText(SourceTree.File("build.sh"));
        // As the script's choice of a verb has them: "  pack) pack "$@" ;;".
        string[] verbs = [.. Regex.Matches(script, @"^  ([a-z-]+)( \| [a-z| -]+)?\) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.That(new DocumentBlocks(document).Verbs, Is.Not.Empty.And.SubsetOf(verbs));
    }

    [TestCase("README.md", "results/report.html", "classes.csv", "model.onnx")]
    [TestCase("docs/getting-started.md", "first/report.html", "predictions.csv", "model.onnx", "seen/model/model.json")]
    public void EveryCommand_RunsAsPrinted(string document, params string[] written)
    {
        string[] commands =
            [.. new DocumentBlocks(document).Commands().Where(line => line.StartsWith("hypergrad ", StringComparison.Ordinal))];
        Assert.That(commands, Has.Length.GreaterThan(5));
        foreach (string command in commands)
        {
            string[] typed = [.. Words(command)[1..].Select(InFolder)];
            var (code, _, error) = CommandLine.Run([.. typed, .. Quick(typed)]);
            if (typed.Contains("cuda") && NativeLibraryStatus.Current.Devices.Count < 2)
                Assert.That((code, error), Is.EqualTo((ExitCode.Usage, error)).And.Matches<(int, string Error)>(
                    refused => Regex.IsMatch(refused.Error, "^hypergrad: (The backend cuda is not available|There is no CUDA device 1)")), command);
            else
                Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")), command);
        }
        foreach (string file in written)
            Assert.That(new FileInfo(folder.File(file)), Has.Length.GreaterThan(0), file);
    }

    // As a shell takes them apart: what stands in quotation marks is one word.
    private static string[] Words(string command) =>
        [.. Regex.Matches(command, "\"([^\"]*)\"|\\S+").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];

    // The names that are printed are of files in the test's folder.
    private string InFolder(string argument) =>
        Regex.IsMatch(argument, "^(path/to/mnist|table.csv|pictures|run.json|first|results|seen|tuned|model|model.onnx|(predictions|classes).csv)(/|$)") ? folder.File(argument) : argument;

    // What makes a tuning short, and says nothing that the printed options say: a file to start from has the steps.
    private static string[] Quick(string[] typed) => typed[0] != "tune" ? []
        : [.. typed.Contains("--data") ? (string[])[] : ["--examples", "200"], .. typed.Contains("--start") || typed.Contains("--steps") ? (string[])[] : ["--steps", "5"], "--meta-steps", "1"];
}
