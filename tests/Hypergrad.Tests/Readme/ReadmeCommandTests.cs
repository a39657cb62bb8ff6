using System.Text.RegularExpressions;
using Hypergrad.Backends.Native;
using Hypergrad.Cli;
using Hypergrad.Tests.Cli;

namespace Hypergrad.Tests.Readme;

/// <summary>
/// The commands that README.md prints, typed one after the other on small data of the names that it uses. Those of dotnet are typed by
/// tests/packaging, which has the packages.
/// </summary>
[TestFixture]
public sealed class ReadmeCommandTests
{
    private static readonly string[] Languages = ["sh", "csharp"];

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
    }

    [TearDown]
    public void RemoveData() => folder.Dispose();

    [Test]
    public void EveryBlock_IsTested() => Assert.That(ReadmeBlocks.Languages.Distinct(), Is.Not.Empty.And.SubsetOf(Languages));

    [Test]
    public void EveryProgram_IsOneOfThoseTested() => Assert.That(
        ReadmeBlocks.Commands().Select(line => line.Split(' ')[0]).Distinct(),
        Is.SubsetOf(new[] { "hypergrad", "dotnet", "./build.sh", "tar", "cd" }).And.SupersetOf(new[] { "hypergrad", "dotnet", "./build.sh" }));

    [Test]
    public void EveryVerb_IsOneOfTheBuildScript()
    {
        string script = File.ReadAllText(SourceTree.File("build.sh"));
        string[] printed = [.. Regex.Matches(File.ReadAllText(SourceTree.File("README.md")), @"\./build\.sh ([a-z-]+)").Select(match => match.Groups[1].Value).Distinct()];
        // As the script's choice of a verb has them: "  pack) pack "$@" ;;".
        string[] verbs = [.. Regex.Matches(script, @"^  ([a-z-]+)( \| [a-z| -]+)?\) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.That(printed, Is.Not.Empty.And.SubsetOf(verbs));
    }

    [Test]
    public void EveryCommand_RunsAsPrinted()
    {
        string[] commands = [.. ReadmeBlocks.Commands().Where(line => line.StartsWith("hypergrad ", StringComparison.Ordinal))];
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
        Assert.That(File.Exists(folder.File("results/report.html")), Is.True);
    }

    // As a shell takes them apart: what stands in quotation marks is one word.
    private static string[] Words(string command) =>
        [.. Regex.Matches(command, "\"([^\"]*)\"|\\S+").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];

    // The names of README.md are of files in the test's folder.
    private string InFolder(string argument) =>
        Regex.IsMatch(argument, "^(path/to/mnist|table.csv|run.json|results|tuned|model|model.onnx|predictions.csv)(/|$)") ? folder.File(argument) : argument;

    // What makes a tuning short, and says nothing that the printed options say: a file to start from has the steps.
    private static string[] Quick(string[] typed) => typed[0] != "tune" ? []
        : [.. typed.Contains("--data") ? (string[])[] : ["--examples", "200"], .. typed.Contains("--start") || typed.Contains("--steps") ? (string[])[] : ["--steps", "5"], "--meta-steps", "1"];
}
