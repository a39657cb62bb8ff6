using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

[TestFixture]
public sealed class DataCommandTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Digits_AreTheDefault()
    {
        string shown = CommandLine.Succeed("data", "--examples", "50", "--data-seed", "3");
        Assert.That(shown, Does.Contain("generated digits, seed 3").And.Contain("examples │ 50").And.Contain("784 numbers, a picture of 28 × 28 pixels")
            .And.Contain("one of 10 classes").And.Contain("class 9 │ "));
        Assert.That(CommandLine.Succeed("data", "--examples", "50", "--data-seed", "4"), Is.Not.EqualTo(shown));
    }

    [Test]
    public void IdxFolder_AndPairOfFiles_ShowTheSame()
    {
        folder.Write("train-images-idx3-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.Images()));
        folder.Write("train-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.Labels()));
        string[] wanted = ["examples │ 3", "6 numbers, a picture of 3 × 2 pixels", "input range │ 0 to 1", "one of 3 classes", "class 2 │ 1 (33.3 %)"];
        string[] shown =
        [
            CommandLine.Succeed("data", "--data", folder.Path),
            CommandLine.Succeed("data", "--data", folder.Path, "--prefix", "train"),
            CommandLine.Succeed("data", "--images", folder.File("train-images-idx3-ubyte.gz"), "--labels", folder.File("train-labels-idx1-ubyte.gz")),
        ];
        foreach (string text in wanted)
            Assert.That(shown, Is.All.Contains(text));
        Assert.That(CommandLine.Succeed("data", "--data", folder.Path, "--examples", "2"), Does.Contain("examples │ 2"));
    }

    [Test]
    public void Csv_ShowsItsClassesAsTheyAreWritten()
    {
        string file = folder.Write("a [b].csv", "kind;x;y\n[red];1;2\n[/];3;2\n[red];1;2\n");
        string shown = CommandLine.Succeed("data", "--data", file, "--label-column", "kind", "--header", "yes", "--delimiter", "semicolon");
        Assert.That(shown, Does.Contain("a [b].csv").And.Contain("class [red] │ 2 (66.7 %)").And.Contain("class [/] │ 1 (33.3 %)")
            .And.Contain("constant inputs │ 1").And.Contain("duplicate examples │ 1").And.Contain("input range │ 1 to 3"));
    }

    [Test]
    public void CsvOfARegression_HasNumbersForTargets() => Assert.That(
        CommandLine.Succeed("data", "--data", folder.Write("x.csv", "1,2,3\n4,5,6\n"), "--header", "no", "--label-column", "0,2", "--task", "regression"),
        Does.Contain("target │ 2 numbers").And.Contain("inputs │ 1 number "));
}
