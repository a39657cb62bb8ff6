using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>
/// Eight tables as people have them. Each is used as it is, or refused with a line that says what to write; what it says is then written,
/// and the table used.
/// </summary>
[TestFixture]
public sealed class RealisticTablesTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Irises_HaveClassesOfText()
    {
        var data = Read("""
            sepal_length,sepal_width,petal_length,petal_width,species
            5.1,3.5,1.4,0.2,Iris-setosa
            7.0,3.2,4.7,1.4,Iris-versicolor
            6.3,3.3,6.0,2.5,Iris-virginica
            4.9,3.0,1.4,0.2,Iris-setosa
            """);
        Assert.That(data.ClassNames, Is.EqualTo(new[] { "Iris-setosa", "Iris-versicolor", "Iris-virginica" }));
        Assert.That((data.InputSize, data.Inputs[3, 0]), Is.EqualTo((4, (double)4.9f)));
    }

    private const string Passengers = """"
        PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Cabin,Embarked
        1,0,3,"Braund, Mr. Owen ""Harris""",male,22,7.25,,S
        2,1,1,"Cumings, Mrs. John",female,38,71.2833,C85,C
        3,1,3,"Heikkinen, Miss. Laina",female,26,7.925,,S
        4,1,1,"Futrelle, Mrs. Jacques",female,35,53.1,C123,S
        5,0,3,"Allen, Mr. William",male,,8.05,,S
        6,0,3,"Moran, Mr. James",male,,8.4583,,Q
        7,0,1,"McCarthy, Mr. Timothy",male,54,51.8625,E46,S
        8,0,3,"Palsson, Master. Gosta",male,2,21.075,,S
        9,1,3,"Johnson, Mrs. Oscar",female,27,11.1333,,S
        10,1,2,"Nasser, Mrs. Nicholas",female,14,30.0708,,
        11,1,3,"Sandstrom, Miss. Marguerite",female,4,16.7,G6,S
        12,1,1,"Bonnell, Miss. Elizabeth",female,58,26.55,C103,S
        """";

    [Test]
    public void Passengers_AreRefusedFourTimes_AndThenUsed()
    {
        var options = new CsvOptions { TargetColumns = ["Survived"] };
        Refused(Passengers, options, "file.csv:6:33: column \"Age\" is empty; every example needs all its numbers. Of 12 rows are missing: 2 of "
            + "\"Age\", 7 of \"Cabin\", 1 of \"Embarked\". Write --missing impute");
        options = options with { Missing = MissingValues.Impute };
        Refused(Passengers, options, "column \"PassengerId\" numbers the rows, which tells nothing of a new one. Leave it out with --ignore-columns "
            + "PassengerId");
        options = options with { IgnoredColumns = ["PassengerId"] };
        Refused(Passengers, options, "column \"Name\" has 12 different texts in 12 rows, such as \"Allen, Mr. William\": too many to be categories. "
            + "Leave it out with --ignore-columns Name");
        options = options with { IgnoredColumns = ["PassengerId", "Name"] };
        Refused(Passengers, options, "column \"Cabin\" has 5 different texts in 12 rows");
        options = options with { IgnoredColumns = ["PassengerId", "Name", "Cabin"] };
        var data = Read(Passengers, options);
        // Class, sex, age, fare, and where one embarked.
        Assert.That((data.InputSize, data.Count), Is.EqualTo((1 + 2 + 1 + 1 + 3, 12)));
        Assert.That(data.Inputs[4, 3], Is.EqualTo(26.5), "the median of ten ages");
        Assert.That(Enumerable.Range(5, 3).Select(input => data.Inputs[9, input]), Is.All.Zero, "embarked nowhere that is known");
        Assert.That(Read(Passengers, options with { Missing = MissingValues.Drop }).Count, Is.EqualTo(9));
    }

    private const string Houses = "area,rooms,price\n\"1,850\",5,\"1,250,000\"\n\"2,100\",6,\"1,400,500\"\n980,3,\"615,000\"\n";

    [Test]
    public void HousePrices_WithThousandsSeparators_AreRefused_AndReadAsToldTo()
    {
        Refused(Houses, new(), "file.csv:2:1: column \"area\" holds \"1,850\": write 1850 without a separator, or 1.850 if the comma is a decimal "
            + "one. Or let --thousands read thousands with separators. Or let --decimal-comma read decimal commas.");
        var data = Read(Houses, new() { Thousands = true });
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 1_250_000, 1_400_500, 615_000 }));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1850, 5, 2100, 6, 980, 3 }));
    }

    private const string European = "Länge;Gewicht;Preis\n1,5;10,25;1.250,5\n2,25;11;980,75\n3;12,5;1.000\n";

    [Test]
    public void SemicolonsAndDecimalCommas_AreRefused_AndReadAsToldTo()
    {
        Refused(European, new(), "file.csv:2:1: column \"Länge\" holds \"1,5\": decimals are written with a point, not a comma: write 1.5. Or "
            + "let --decimal-comma read decimal commas.");
        var data = Read(European, new() { DecimalComma = true, Thousands = true });
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1.5, 10.25, 2.25, 11, 3, 12.5 }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 1250.5, 980.75, 1000 }));
    }

    private const string Sales = "sold,shop,units,income\n2024-01-05,North,3,310.5\n2024-01-06,South,4,455.25\n2024-02-01,North,1,99.5\n";

    [TestCase("2024-01-05")]
    [TestCase("2024-01-05 13:45:00")]
    [TestCase("2024-01-05T13:45:00Z")]
    [TestCase("05/01/2024")]
    [TestCase("5.1.2024")]
    [TestCase("5-Jan-2024")]
    public void Dates_AreRefused_AndLeftOutAsToldTo(string day)
    {
        string sales = string.Join('\n', Sales.Split('\n').Select(line => line.Replace("2024-01-05", day, StringComparison.Ordinal)
            .Replace("2024-01-06", day, StringComparison.Ordinal).Replace("2024-02-01", day, StringComparison.Ordinal)));
        Refused(sales, new(), $"column \"sold\" holds dates, such as \"{day}\", and a network takes numbers. Leave it out with --ignore-columns sold");
        var data = Read(sales, new() { IgnoredColumns = ["sold"] });
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 1, 0, 3, 0, 1, 4, 1, 0, 1 }), "North, South, units");
    }

    [Test]
    public void ByteOrderMark_IsNoPartOfTheFirstName()
    {
        var data = Read("\uFEFFheight,weight,sex\r\n1.7,65,f\r\n1.8,80,m\r\n", new() { TargetColumns = ["sex"], InputColumns = ["height"] });
        Assert.That((data.InputSize, data.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Tabs_SeparateFieldsThatHoldCommas()
    {
        var data = Read("text\tlength\tkind\na, b\t1\tx\nc, d\t2\ty\na, b\t3\tx\n");
        Assert.That((data.InputSize, data.ClassNames!.Count), Is.EqualTo((3, 2)));
    }

    [Test]
    public void WideTable_WithAnIdentifier_IsRefused_AndUsedWithoutIt()
    {
        const int genes = 300;
        string wide = "sample_id," + string.Join(',', Enumerable.Range(0, genes).Select(gene => $"g{gene}")) + ",tumour\n"
            + string.Concat(Enumerable.Range(1, 12).Select(sample =>
                $"{sample},{string.Join(',', Enumerable.Range(0, genes).Select(gene => sample * gene % 7))},{(sample % 2 == 0 ? "yes" : "no")}\n"));
        Refused(wide, new(), "column \"sample_id\" numbers the rows");
        Assert.That(Read(wide, new() { IgnoredColumns = ["sample_id"] }).InputSize, Is.EqualTo(genes));
        Assert.That(Read(wide, new() { InputColumns = ["sample_id", "g1"] }).InputSize, Is.EqualTo(2), "who asks for it by name has it");
        string named = wide.Replace("\n1,", "\nP-1,", StringComparison.Ordinal);
        for (int sample = 2; sample <= 12; sample++)
            named = named.Replace($"\n{sample},", $"\nP-{sample},", StringComparison.Ordinal);
        Refused(named, new(), "column \"sample_id\" has 12 different texts in 12 rows");
    }

    private Dataset Read(string text, CsvOptions? options = null) => CsvReader.Read(folder.Write("file.csv", text), options);

    private void Refused(string text, CsvOptions options, string message)
    {
        string path = folder.Write("file.csv", text);
        var error = Assert.Throws<DataException>(() => CsvReader.Read(path, options));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }
}
