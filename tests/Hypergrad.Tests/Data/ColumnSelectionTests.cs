using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>Which columns of a table are what, as the options say.</summary>
[TestFixture]
public sealed class ColumnSelectionTests
{
    private const string Text = "a,b,c,d\n1,10,x,0\n2,20,y,1\n3,10,x,0\n";

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Inputs_AreThoseAskedFor_InThatOrder() =>
        Assert.That(Read(new() { InputColumns = ["b", "a"] }).Inputs.ToArray(), Is.EqualTo(new double[] { 10, 1, 20, 2, 10, 3 }));

    [Test]
    public void Ignored_AreNotReadAtAll() => Assert.That(Read(new() { IgnoredColumns = ["c", "0"] }).Inputs.ToArray(), Is.EqualTo(new double[] { 10, 20, 10 }));

    [Test]
    public void Numbers_AreCategoriesWhenToldSo() => Assert.That(
        Read(new() { InputColumns = ["b"], CategoryColumns = ["1"] }).Inputs.ToArray(), Is.EqualTo(new double[] { 1, 0, 0, 1, 1, 0 }));

    [Test]
    public void NumbersAndText_AreCategoriesWhenToldSo_AndRefusedElse()
    {
        string path = folder.Write("file.csv", "ticket,y\n113803,0\nPC 17599,1\n113803,0\n");
        Assert.That(() => CsvReader.Read(path), Throws.TypeOf<DataException>().With.Message.Contains(
            "file.csv:3:1: column \"ticket\" holds \"PC 17599\", which is not a number. If the column is a category, say so with --categories ticket; "
                + "to leave it out, write --ignore-columns ticket."));
        Assert.That(CsvReader.Read(path, new() { CategoryColumns = ["ticket"] }).InputSize, Is.EqualTo(2));
    }

    [Test]
    public void RowOfNumbersAndText_IsNoHeaderWhereTheNextIsAlike() =>
        Assert.That(CsvReader.Read(folder.Write("file.csv", "5.1,red,x\n4.9,blue,y\n")).Count, Is.EqualTo(2));

    [Test]
    public void ColumnWithoutAName_IsCalledAsElsewhere()
    {
        string path = folder.Write("file.csv", ",a,y\n0,5,p\n1,7,q\n2,5,p\n");
        Assert.That(() => CsvReader.Read(path), Throws.TypeOf<DataException>().With.Message.Contains(
            "column \"Unnamed: 0\" numbers the rows, which tells nothing of a new one. Leave it out with --ignore-columns Unnamed: 0"));
        Assert.That(CsvReader.Read(path, new() { IgnoredColumns = ["Unnamed: 0"] }).InputSize, Is.EqualTo(1));
    }

    [Test]
    public void Contradictions_AreRefused()
    {
        Refused<ConfigurationException>(new() { IgnoredColumns = ["d"] }, "column \"d\" is given as a target and as to be ignored; leave one of them out.");
        Refused<ConfigurationException>(
            new() { InputColumns = ["a"], IgnoredColumns = ["a"] }, "column \"a\" is given as an input and as to be ignored");
        Refused<ConfigurationException>(new() { InputColumns = ["a", "d"] }, "column \"d\" is given as an input and as a target");
        Refused<ConfigurationException>(new() { InputColumns = ["a"], CategoryColumns = ["b"] }, "column \"b\" is given as a category and as no input");
        Refused<ConfigurationException>(new() { InputColumns = ["a", "0"] }, "an input column is given twice: a, 0.");
        Refused<ConfigurationException>(new() { Delimiter = ',', DecimalComma = true }, "The delimiter ',' cannot separate fields where it separates decimals");
        Refused<DataException>(new() { IgnoredColumns = ["a", "b", "c"] }, "there are 4 columns, all of them targets or ignored: there are no inputs.");
        Refused<DataException>(new() { InputColumns = ["e"] }, "there is no column \"e\".");
    }

    [Test]
    public void ColumnWithoutValues_IsRefused()
    {
        string path = folder.Write("file.csv", "a,b,y\n1,,p\n2,NA,q\n");
        Assert.That(() => CsvReader.Read(path, new() { Missing = MissingValues.Impute }), Throws.TypeOf<DataException>()
            .With.Message.Contains("column \"b\" has no value in any row. Leave it out with --ignore-columns b."));
        Assert.That(() => CsvReader.Read(path, new() { Missing = MissingValues.Drop }), Throws.TypeOf<DataException>()
            .With.Message.Contains("every row lacks something, and none is left. Of 2 rows are missing: 2 of \"b\"."));
    }

    [TestCase("1,234,567.5", true, false, 1234567.5)]
    [TestCase("-1,234", true, false, -1234)]
    [TestCase("1234.5", true, false, 1234.5)]
    [TestCase("1.234,5", true, true, 1234.5)]
    [TestCase("3,14", false, true, 3.14)]
    public void Separators_AreReadAsToldTo(string text, bool thousands, bool comma, double value)
    {
        Assert.That(new NumberFormat(comma, thousands).TryParse(text, out double read), Is.True);
        Assert.That(read, Is.EqualTo(value));
    }

    [TestCase("12,34", true, false)]
    [TestCase("1,2345", true, false)]
    [TestCase("1234,567", true, false)]
    [TestCase(",123", true, false)]
    [TestCase("1,,234", true, false)]
    [TestCase("1.5,000", true, false)]
    [TestCase("1.5", false, true)]
    [TestCase("1,2,3", false, true)]
    public void SeparatorsInTheWrongPlace_AreNoNumber(string text, bool thousands, bool comma) =>
        Assert.That(new NumberFormat(comma, thousands).TryParse(text, out _), Is.False);

    private Dataset Read(CsvOptions options) => CsvReader.Read(folder.Write("file.csv", Text), options);

    private void Refused<T>(CsvOptions options, string message) where T : Exception =>
        Assert.That(() => Read(options), Throws.TypeOf<T>().With.Message.Contains(message));
}
