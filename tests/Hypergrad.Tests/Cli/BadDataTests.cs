using System.Text.Json.Nodes;
using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>Bad data: exit code 3, a line that names the file and what is wrong with it, nothing written.</summary>
[TestFixture]
public sealed class BadDataTests
{
    private static readonly TestCaseData[] BadRuns =
    [
        Bad("$: the field \"layers\" is missing.", run => run.Remove("layers")),
        Bad("$.train: the field \"targets\" is missing.", run => run["train"]!.AsObject().Remove("targets")),
        Bad("$: there is no field \"momenta\". Did you mean \"momentum\"?", run => run["momenta"] = 1),
        Bad("$.activation: there is no \"tahn\". Did you mean \"tanh\"?", run => run["activation"] = "tahn"),
        Bad("$.initialWeights: 16 numbers where there must be 17, one per weight.", run => run["initialWeights"]!.AsArray().RemoveAt(0)),
        Bad("$.learningRate: 2 steps where $.batches has 3.", run => run["learningRate"]!.AsArray().RemoveAt(0)),
        Bad("$.momentum[1]: 3 numbers where there must be 4, one per group.", run => run["momentum"]![1]!.AsArray().RemoveAt(0)),
        Bad("$.train.inputs[2][1]: \"x\" is not a finite number.", run => run["train"]!["inputs"]![2]![1] = "x"),
        Bad("$.train: 3 inputs and 4 targets; there must be one target per input.", run => run["train"]!["inputs"]!.AsArray().RemoveAt(0)),
        Bad("Layer 1 of 2-0-2 has size 0; every layer needs at least 1 unit.", run => run["layers"]![1] = 0),
    ];

    private static readonly TestCaseData[] BadTables =
    [
        new("x.csv", "", Array.Empty<string>()),
        new("nan.csv", "a,b\n1,0\nNaN,1\n", Array.Empty<string>()),
        new("infinite.csv", "a,b\n1,0\ninf,1\n", Array.Empty<string>()),
        new("labelled.csv", "a,b\n1,0\n2,1\n", new[] { "--label-column", "colour" }),
        new("ragged.csv", "a,b\n1,0\n2\n", Array.Empty<string>()),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(BadRuns))]
    public void RunFile_IsRefused_NamingTheJsonPath(string message, Action<JsonObject> spoil)
    {
        var run = ExplicitRuns.Small();
        spoil(run);
        string file = folder.Write("run.json", run.ToJsonString());
        CommandLine.Refuse(ExitCode.Data, $"{file}: {message}", "gradient", file, "--out", folder.File("out/result.json"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.File("out")), Is.Empty);
    }

    [Test]
    public void RunFile_MissingEmptyOrCutShort_IsRefused()
    {
        CommandLine.Refuse(ExitCode.Data, "none.json: there is no such file.", "gradient", folder.File("none.json"));
        string whole = ExplicitRuns.Small().ToJsonString();
        foreach (string text in new[] { "", whole[..(whole.Length / 2)] })
            CommandLine.Refuse(ExitCode.Data, "run.json is not valid JSON: ", "gradient", folder.Write("run.json", text));
    }

    [TestCaseSource(nameof(BadTables))]
    public void Table_IsRefused_NamingTheFile(string name, string text, string[] options)
    {
        string file = folder.Write(name, text);
        CommandLine.Refuse(ExitCode.Data, name, ["data", "--data", file, .. options]);
        CommandLine.Refuse(ExitCode.Data, name, ["tune", "--data", file, "--out", folder.File("out"), .. options]);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.File("out")), Is.Empty);
    }

    [Test]
    public void LabelColumnThatIsNotThere_IsNamed() => CommandLine.Refuse(
        ExitCode.Data, "colour", "data", "--data", folder.Write("x.csv", "height,width\n1,0\n2,1\n"), "--label-column", "colour");

    [Test]
    public void Images_MissingEmptyCutShortOrForeign_AreRefused()
    {
        string labels = folder.Write("labels", IdxBytes.Labels()), images = folder.Write("images", IdxBytes.Images());
        Refused("none", labels);
        Refused(folder.Write("empty", ""), labels);
        Refused(folder.Write("short", IdxBytes.Images()[..^1]), labels);
        Refused(folder.Write("short.gz", TemporaryFolder.Gzip(IdxBytes.Images())[..^9]), labels);
        Refused(folder.Write("foreign", "GIF89a, which is another format"), labels);
        CommandLine.Refuse(ExitCode.Data, "2 labels", "data", "--images", images, "--labels", folder.Write("two", IdxBytes.File(8, [2], 1, 0)));

        void Refused(string imageFile, string labelFile) =>
            CommandLine.Refuse(ExitCode.Data, Path.GetFileName(imageFile), "data", "--images", imageFile, "--labels", labelFile);
    }

    [Test]
    public void DataThatIsNotThere_IsRefused() =>
        CommandLine.Refuse(ExitCode.Data, "--data nowhere: there is no such file or folder. Give digits, a folder of IDX files or of pictures, or a CSV, Parquet or NPZ file.", "data", "--data", "nowhere");

    [Test]
    public void MoreExamplesThanThereAre_AreRefused()
    {
        string file = folder.Write("x.csv", "a,b\n1,0\n2,1\n");
        CommandLine.Refuse(ExitCode.Data, $"--examples 3: {file} has only 2.", "data", "--data", file, "--examples", "3");
    }

    [Test]
    public void StartFile_ThatIsBadOrOfOtherData_IsRefused()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--tune", "example-weights:50", "--out", folder.Path]);
        string file = folder.File("hyperparameters.json");
        string[] tune = ["tune", "--examples", "120", "--hidden", "4", "--start", file];
        CommandLine.Refuse(ExitCode.Data, "$.network: these hyperparameters are of the network 784-4-10, and this one is 784-5-10.",
            "tune", "--examples", "120", "--hidden", "5", "--start", file);
        CommandLine.Refuse(ExitCode.Data, $"{file}: ExampleWeights: there is no training example 50; they are numbered 0 to 39.", [.. tune, "--split", "40,40,40"]);
        CommandLine.Refuse(ExitCode.Data, "none: there is no such file.", [.. tune[..^1], folder.File("none")]);
        CommandLine.Refuse(ExitCode.Usage, "--learning-rate and --start: the file already says it.", [.. tune, "--learning-rate", "1"]);
        folder.Write("hyperparameters.json", File.ReadAllText(file).Replace("0.5", "1.5", StringComparison.Ordinal).Replace("\"tuned\": false", "\"tuned\": true", StringComparison.Ordinal));
        CommandLine.Refuse(ExitCode.Data, $"{file}: The momentum of all is 1.5; it must be between 0 and 1 to be tuned", tune);
    }

    [Test]
    public void StateThatIsDamaged_IsRefused()
    {
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        File.WriteAllBytes(folder.File("tuning.state"), File.ReadAllBytes(folder.File("tuning.state"))[..^1]);
        CommandLine.Refuse(ExitCode.Data, "tuning.state is damaged: its checksum does not match. Remove it to start anew.", [.. CommandLine.Quick, "--out", folder.Path, "--resume"]);
    }

    private static TestCaseData Bad(string message, Action<JsonObject> spoil) => new TestCaseData(message, spoil).SetArgDisplayNames(message);
}
