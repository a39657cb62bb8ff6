using System.Text;
using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class CsvReaderTests
{
    private static readonly double[] Inputs = [1.5, -2, 3e2, 0.25];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("1.5,-2,cat\n3e2,.25,ant\n")]
    [TestCase("1.5,-2,cat\r\n3e2,.25,ant")]
    [TestCase("1.5,-2,cat\r3e2,.25,ant\r\r")]
    [TestCase("1.5;-2;cat\n3e2;.25;ant\n\n\n")]
    [TestCase("1.5\t-2\tcat\n3e2\t.25\tant\n")]
    [TestCase("a,b,class\n1.5,-2,cat\n3e2,.25,ant\n")]
    [TestCase("\uFEFFa,b,class\n\n1.5, -2 , cat\n 3e2,.25,ant \n")]
    [TestCase("\"a\",\"b, or \"\"B\"\"\",\"the\nclass\"\n\"1.5\",-2,\"cat\"\n3e2,.25,ant\n")]
    public void EveryWayOfWriting_GivesTheSameTable(string text)
    {
        var data = CsvReader.Read(folder.Write("file.csv", text));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(Inputs));
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "ant", "cat" }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 0, 1, 1, 0 }));
        Assert.That((data.Inputs.IsDouble, data.ImageWidth), Is.EqualTo((false, (int?)null)));
    }

    [Test]
    public void GzipFile_IsReadAndATruncatedOneRefused()
    {
        var bytes = TemporaryFolder.Gzip(Encoding.UTF8.GetBytes("1.5,-2,cat\n3e2,.25,ant\n"));
        Assert.That(CsvReader.Read(folder.Write("whole", bytes)).Inputs.ToArray(), Is.EqualTo(Inputs));
        Assert.That(() => CsvReader.Read(folder.Write("cut", bytes[..^5])),
            Throws.TypeOf<DataException>().With.Message.Contains("it is truncated"));
    }

    [Test]
    public void NumericLabels_AreOrderedAsNumbers_AndSpellingsJoined()
    {
        var data = Read("0,10\n0,9\n0,-1\n0,9.0\n", new CsvOptions());
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "-1", "9", "10" }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0 }));
    }

    [Test]
    public void QuotedLabel_KeepsItsQuotesDelimitersAndLines()
    {
        var data = Read("1,\"a, \"\"b\"\"\nc\"\n2,plain\n3,\"\"\"\"\n", new CsvOptions());
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "\"", "a, \"b\"\nc", "plain" }));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1, 2, 3 }));
    }

    [TestCase("label")]
    [TestCase("0")]
    [TestCase("-3")]
    public void TargetColumn_IsGivenByNameOrByNumberFromEitherEnd(string column)
    {
        var data = Read("label,a,b\n1,5,6\n0,7,8\n", new CsvOptions { TargetColumns = [column] });
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 5, 6, 7, 8 }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 0, 1, 1, 0 }));
    }

    [Test]
    public void Regression_TakesSeveralTargetsInTheOrderAskedFor_InDoublePrecision()
    {
        var options = new CsvOptions { TargetColumns = ["y", "x"], Task = LearningTask.Regression, DoublePrecision = true };
        var data = Read("x,a,y\n0.1,2,0.3\n4,5,6\n", options);
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new[] { 0.3, 0.1, 6, 4 }));
        Assert.That((data.Inputs.IsDouble, data.ClassNames), Is.EqualTo((true, (IReadOnlyList<string>?)null)));
    }

    [Test]
    public void HeaderOfNumbers_IsToldByItsTarget_AndAHeaderIsWhatTheCallerSays()
    {
        Assert.That(Read("0,1,class\n5,6,1\n7,8,0\n", new CsvOptions()).Count, Is.EqualTo(2));
        Assert.That(Read("0,1,2\n5,6,1\n7,8,0\n", new CsvOptions()).Count, Is.EqualTo(3));
        Assert.That(Read("0,1,2\n5,6,1\n7,8,0\n", new CsvOptions { HasHeader = true }).Count, Is.EqualTo(2));
        Assert.That(() => Read("a,b,c\n5,6,1\n7,8,0\n", new CsvOptions { HasHeader = false }), Throws.TypeOf<DataException>()
            .With.Message.Contains("file.csv:1:1: column 0 (the first is 0) holds \"a\", which is not a number."));
    }

    [Test]
    public void DelimiterAndImageWidth_AreTheCallers()
    {
        var data = Read("1|2|3|4|x\n5|6|7|8|y\n", new CsvOptions { Delimiter = '|', ImageWidth = 2 });
        Assert.That((data.InputSize, data.ImageWidth, data.ImageHeight), Is.EqualTo((4, (int?)2, (int?)2)));
    }

    [Test]
    public void ThousandsOfRows_AreReadInOrder()
    {
        var text = new StringBuilder();
        for (int i = 0; i < 5000; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{i / 8.0},{i % 3}\n");
        var data = Read(text.ToString(), new CsvOptions());
        Assert.That(data.Inputs[4999, 1], Is.EqualTo(4999 / 8.0));
        Assert.That(Enumerable.Range(0, 5000).All(i => data.Targets[i, i % 3] == 1), Is.True);
    }

    private Dataset Read(string text, CsvOptions options) => CsvReader.Read(folder.Write("file.csv", text), options);
}
