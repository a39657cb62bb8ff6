using System.Globalization;
using System.Text.Json;
using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>Data as people have it, given to the command.</summary>
[TestFixture]
public sealed class DataOptionTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Columns_AreChosen_AndMissingEntriesTreated()
    {
        string file = folder.Write("a.csv", "id,age,town,zip,y\n1,20,Rome,10,a\n2,,Oslo,20,b\n3,40,Rome,10,a\n4,50,Oslo,20,b\n");
        CommandLine.Refuse(ExitCode.Data, "Of 4 rows are missing: 1 of \"age\".", "data", "--data", file, "--ignore-columns", "id");
        Assert.That(CommandLine.Succeed("data", "--data", file, "--ignore-columns", "id", "--missing", "impute"),
            Does.Contain("examples │ 4").And.Contain("inputs │ 4 numbers"));
        Assert.That(CommandLine.Succeed("data", "--data", file, "--target", "y", "--columns", "town,zip", "--categories", "zip"),
            Does.Contain("inputs │ 4 numbers"));
        Assert.That(CommandLine.Succeed("data", "--data", file, "--ignore-columns", "id,zip", "--missing", "drop"), Does.Contain("examples │ 3"));
        CommandLine.Refuse(ExitCode.Usage, "--missing: there is no \"imput\". Did you mean impute?", "data", "--data", file, "--missing", "imput");
        CommandLine.Refuse(ExitCode.Usage, "--columns a,,b: a column is given without a name", "data", "--data", file, "--columns", "a,,b");
    }

    [Test]
    public void Separators_AreReadAsToldTo()
    {
        string file = folder.Write("a.csv", "a;y\n1.250,5;3\n2.000;4,5\n7;1\n");
        CommandLine.Refuse(ExitCode.Data, "Or let --decimal-comma read decimal commas.", "data", "--data", folder.Write("b.csv", "a;y\n1,5;3\n2;4\n"));
        Assert.That(CommandLine.Succeed("data", "--data", file, "--decimal-comma", "--thousands"), Does.Contain("input range │ 7 to 2000"));
    }

    [Test]
    public void Pictures_AreResized_AndTuned()
    {
        Pictures.WriteFolder(folder, 6, 5);
        Assert.That(CommandLine.Succeed("data", "--data", folder.Path, "--image-size", "3x2", "--image-colours", "grey"),
            Does.Contain("examples │ 6").And.Contain("6 numbers, a picture of 2 × 3 pixels"));
        CommandLine.Succeed("tune", "--data", folder.Path, "--image-size", "3x2", "--image-colours", "rgb", "--network", "conv 2 2 relu, dense 2",
            "--split", "2,2,2", "--steps", "2", "--meta-steps", "1", "--batch-size", "2");
        CommandLine.Refuse(ExitCode.Usage, "--image-size 3: write height and width in pixels, such as 28x28.", "data", "--data", folder.Path, "--image-size", "3");
        CommandLine.Refuse(ExitCode.Usage, "--image-colours: there is no \"gray\". Did you mean grey?", "data", "--data", folder.Path, "--image-colours", "gray");
    }

    [Test]
    public void Arrays_AreRead()
    {
        Assert.That(CommandLine.Succeed("data", "--data", folder.Write("a.npz", NpyBytes.Small())), Does.Contain("one of 2 classes"));
        string x = folder.Write("x.npy", NpyBytes.File<float>("<f4", "(3, 2)", 1, 2, 3, 4, 5, 6)), y = folder.Write("y.npy", NpyBytes.File<int>("<i4", "(3,)", 0, 1, 0));
        Assert.That(CommandLine.Succeed("data", "--images", x, "--labels", y), Does.Contain("examples │ 3"));
        CommandLine.Refuse(ExitCode.Data, "an NPY file has inputs or labels alone: give both files with --images and --labels", "data", "--data", x);
        CommandLine.Refuse(ExitCode.Data, "a.parquet: the file is no Parquet file, or it is damaged", "data", "--data", folder.Write("a.parquet", "no"));
    }

    [Test]
    public void SourcesOfTheirOwn_AreEncodedAsTheTrainingWas()
    {
        string train = Table("train.csv", 40, 1), validation = Table("validation.csv", 16, 2), test = Table("test.csv", 12, 3);
        string[] tune = ["tune", "--data", train, "--steps", "3", "--meta-steps", "1", "--batch-size", "8", "--hidden", "3"];
        Assert.That(CommandLine.Succeed([.. tune, "--validation-data", validation, "--test-data", test]), Does.Contain("40 training, 16 validation, 12 test"));
        Assert.That(CommandLine.Succeed([.. tune, "--validation-data", validation]), Does.Contain("40 training, 16 validation, 0 test"));
        Assert.That(CommandLine.Succeed([.. tune, "--test-data", test]), Does.Contain("30 training, 10 validation, 12 test"));
        Assert.That(CommandLine.Succeed([.. tune, "--test-data", test, "--split", "20,20"]), Does.Contain("20 training, 20 validation, 12 test"));
        CommandLine.Refuse(ExitCode.Usage, "--split and --stratify cut what --validation-data gives apart", [.. tune, "--validation-data", validation, "--split", "20,20"]);
        CommandLine.Refuse(ExitCode.Usage, "it has a test part, and --test-data gives another", [.. tune, "--test-data", test, "--split", "20,10,10"]);
        CommandLine.Refuse(ExitCode.Data, "v.csv:2: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Rome.",
            [.. tune, "--validation-data", folder.Write("v.csv", "x,town,y\n1,Bern,a\n2,Rome,b\n"), "--unknown-categories", "refuse"]);
        CommandLine.Refuse(ExitCode.Data, "this is no table, and what was learned from is one", [.. tune, "--test-data", folder.Write("t.npz", NpyBytes.Small())]);
        CommandLine.Refuse(ExitCode.Data, "--test-data nowhere: there is no such file or folder.", [.. tune, "--test-data", "nowhere"]);
    }

    [Test]
    public void TestPairOfAFolder_IsTheTest()
    {
        foreach (string prefix in new[] { "train", "t10k" })
        {
            folder.Write($"{prefix}-images-idx3-ubyte", IdxBytes.Images());
            folder.Write($"{prefix}-labels-idx1-ubyte", IdxBytes.Labels());
        }
        Assert.That(CommandLine.Succeed("tune", "--data", folder.Path, "--test-data", folder.Path, "--split", "2,1", "--steps", "2", "--meta-steps", "1",
            "--batch-size", "2", "--hidden", "3"), Does.Contain("2 training, 1 validation, 3 test"));
    }

    [Test]
    public void UnevenClasses_AreSaidEverywhere_AndStratified()
    {
        string file = folder.Write("a.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{i * 7 % 80}.5,{(i % 10 == 0 ? "rare" : "frequent")}\n"))));
        Assert.That(CommandLine.Succeed("data", "--data", file), Does.Contain("The classes are uneven: \"rare\" has 8 of 80 examples, \"frequent\" has 72 (90.0 %)."));
        string[] tune = ["tune", "--data", file, "--steps", "2", "--meta-steps", "1", "--batch-size", "8", "--hidden", "3", "--stratify"];
        Assert.That(CommandLine.Succeed([.. tune, "--out", folder.File("out")]), Does.Contain("\"rare\" has 4 of 40 examples"));
        Assert.That(File.ReadAllText(folder.File("out/report.html")), Does.Contain("The classes are uneven: "));
        using var result = JsonDocument.Parse(File.ReadAllText(folder.File("out/result.json")));
        Assert.That(result.RootElement.GetProperty("configuration").GetProperty("classes").GetString(), Does.StartWith("The classes are uneven: "));
        CommandLine.Refuse(ExitCode.Usage, "--stratify cuts by fractions", [.. tune, "--split", "40,20,20"]);
    }

    private string Table(string name, int rows, int seed) => folder.Write(name, "x,town,y\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i * seed * 7 % 11}.5,{(i % 2 == 0 ? "Rome" : "Oslo")},{(i % 3 == 0 ? "a" : "b")}\n"))));
}
