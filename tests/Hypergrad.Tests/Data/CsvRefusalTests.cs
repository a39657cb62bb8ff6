using System.Text;
using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class CsvRefusalTests
{
    private static readonly CsvOptions Regression = new() { Task = LearningTask.Regression };
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("a,b,c\n1,2,x\n1,abc,y\n", ":3:3: column \"b\" holds \"abc\", which is not a number.")]
    [TestCase("a,b,c\n1,2,x\n1,,y\n", ":3:3: column \"b\" is empty; every example needs all its numbers.")]
    [TestCase("a,b,c\n1,2,x\n  NaN,2,y\n", ":3:1: column \"a\" holds \"NaN\"; every example needs all its numbers. Of 2 rows are missing: 1 of \"a\". Write --missing ")]
    [TestCase("1,2,x\n3,-Infinity,y\n", ":2:3: column 1 (the first is 0) holds \"-Infinity\"; every number must be finite.")]
    [TestCase("1,2,x\n3,1e60,y\n", ":2:3: column 1 (the first is 0) holds \"1e60\", which is too large for single precision.")]
    [TestCase(
        "1;2;x\n3;4,5;y\n",
        ":2:3: column 1 (the first is 0) holds \"4,5\": decimals are written with a point, not a comma: write 4.5.")]
    [TestCase("1,5;x\n2,5;y\n", ":2:1: column \"1,5\" holds \"2,5\": decimals are written with a point, not a comma: write 2.5.")]
    [TestCase(
        "1;2;x\n3;1,000;y\n",
        ":2:3: column 1 (the first is 0) holds \"1,000\": write 1000 without a separator, "
            + "or 1.000 if the comma is a decimal one.")]
    [TestCase("1;2;x\n3;12,345,678.5;y\n", ":2:3: column 1 (the first is 0) holds \"12,345,678.5\": write 12345678.5 without separators.")]
    [TestCase("\"a\",\"b\"\"\n\",c\n1,2,x\nü,2,y\n", ":4:1: column \"a\" holds \"ü\", which is not a number.")]
    [TestCase("1,2,x\n3,4,y\n5,6\n", ":3: this line has 2 fields, the first line has 3.")]
    [TestCase("1,2,x\n\n3,4,y,5\n", ":3: this line has 4 fields, the first line has 3.")]
    [TestCase("1,2,x\n3,\"4,y\n", ":2: in field 2: a quote that opens here is never closed.")]
    [TestCase("1,2,x\n3,4,\"y\" \"z\"\n", ":2: in field 3: there is text after a closing quote")]
    [TestCase("1,2,x\n3,4,\n", ":2:5: column 2 (the first is 0) is empty: the target is missing, here and in 1 of 2 rows in all. --missing drop")]
    [TestCase("1,2,1\n3,4,nan\n", ":2:5: column 2 (the first is 0) holds \"nan\": the target is missing")]
    [TestCase("1,two,x\n3,4,y\n", ":1: the first line may be names or data: \"two\" is not a number, but \"1\" is.")]
    [TestCase("a,b,c\n", ": there is a header but no data below it.")]
    [TestCase("1,2,x\n3,4,x\n", ": every label is \"x\": a single class leaves nothing to learn.")]
    [TestCase("x\ny\n", ": there are 1 columns, all of them targets: there are no inputs. Is the delimiter ','?")]
    [TestCase("\r\n \n", ": the file is empty.")]
    [TestCase("", ": the file is empty.")]
    [TestCase("1,2\0,x\n", ": the file holds zero bytes: it is not text.")]
    public void BadFile_IsRefused(string text, string message) => AssertRefused(text, new CsvOptions(), message);

    [Test]
    public void Utf16_IsRefused() => Assert.That(() => CsvReader.Read(folder.Write("file",
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("1,2,x")])),
        Throws.TypeOf<DataException>().With.Message.EndsWith("the file is in UTF-16; save it as UTF-8."));

    [Test]
    public void MissingFile_IsRefused() =>
        Assert.That(() => CsvReader.Read(folder.File("nowhere.csv")),
            Throws.TypeOf<DataException>().With.Message.EndsWith("nowhere.csv: there is no such file."));

    [TestCase("specis", "there is no column \"specis\". Did you mean \"species\"? The columns are length, width, width, species.")]
    [TestCase("SPECIES", "Did you mean \"species\"?")]
    [TestCase("colour", "there is no column \"colour\". The columns are length, width, width, species.")]
    [TestCase("width", "the header has the name \"width\" twice; give the column's number, 1 or 2.")]
    [TestCase("4", "there is no column 4: there are 4 columns, numbered 0 to 3, or from the end -1 to -4.")]
    [TestCase("-5", "there is no column -5: there are 4 columns")]
    public void TargetColumnThatIsNotThere_IsRefused(string column, string message) =>
        AssertRefused("length,width,width,species\n1,2,3,x\n4,5,6,y\n", new CsvOptions { TargetColumns = [column] }, message);

    [Test]
    public void RegressionTargetThatIsNoNumber_IsRefused() =>
        AssertRefused("1,2,3\n4,5,x\n", Regression, ":2:5: column 2 (the first is 0) holds \"x\", which is not a number.");

    [Test]
    public void AlmostAsManyClassesAsLines_AreRefused() =>
        AssertRefused(string.Concat(Enumerable.Range(0, 1500).Select(i => $"1,{i}\n")), new CsvOptions(),
            "1500 different labels on 1500 lines: is this a regression?");

    [Test]
    public void ContradictoryOptions_AreRefused()
    {
        AssertMisconfigured(new CsvOptions { HasHeader = false, TargetColumns = ["y"] },
            "a column is given by name, but the file is said to have no header; give its number.");
        AssertMisconfigured(new CsvOptions { TargetColumns = [] }, "no target column is given; the last one is \"-1\".");
        AssertMisconfigured(new CsvOptions { TargetColumns = ["0", "1"], Task = LearningTask.Classification },
            "2 target columns: classification has one; is this a regression?");
        AssertMisconfigured(Regression with { TargetColumns = ["2", "-1"] }, "a target column is given twice: 2, -1.");
        AssertMisconfigured(new CsvOptions { Delimiter = '5' }, "The delimiter '5' cannot separate fields");
        AssertMisconfigured(new CsvOptions { ImageWidth = 3 }, "2 inputs do not make a picture of width 3.");
    }

    private void AssertMisconfigured(CsvOptions options, string message)
    {
        string path = folder.Write("file.csv", "1,2,x\n3,4,y\n");
        Assert.That(() => CsvReader.Read(path, options), Throws.TypeOf<ConfigurationException>().With.Message.Contains(message));
    }

    private void AssertRefused(string text, CsvOptions options, string message)
    {
        string path = folder.Write("file.csv", text);
        var error = Assert.Throws<DataException>(() => CsvReader.Read(path, options));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }
}
