using System.Text.Json.Nodes;
using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class DataEncodingTests
{
    private const string Learned = "age,town,sex,kind\n20,Rome,f,b\n30,Paris,m,a\n,Rome,f,b\n60,Oslo,,a\n";

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Learning_KeepsCategoriesMediansAndClasses()
    {
        var encoding = Learn(out var table);
        Assert.That(encoding.InputNames, Is.EqualTo(new[] { "age", "town=Oslo", "town=Paris", "town=Rome", "sex=f", "sex=m" }));
        Assert.That(encoding.Columns![0].Median, Is.EqualTo(30));
        Assert.That(encoding.ClassNames, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(encoding.Encode(table).Inputs.ToArray(), Is.EqualTo(new double[]
        {
            20, 0, 0, 1, 1, 0,
            30, 0, 1, 0, 0, 1,
            30, 0, 0, 1, 1, 0,
            60, 1, 0, 0, 0, 0,
        }));
    }

    [Test]
    public void NewData_IsEncodedTheSame_WhateverOrderAndFurtherColumnsItHas()
    {
        var encoding = DataEncoding.FromJson(Learn(out _).ToJson());
        string path = folder.Write("new.csv", "kind,sex,note,town,age\na,m,x,Rome,41\nb,f,,Paris,\n");
        var data = encoding.Encode(CsvReader.ReadTable(path, encoding));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo(new double[] { 41, 0, 0, 1, 0, 1, 30, 0, 1, 0, 1, 0 }));
        Assert.That(data.Targets.ToArray(), Is.EqualTo(new double[] { 1, 0, 0, 1 }));
    }

    [Test]
    public void InputsAlone_NeedNoTargets_AndAreNormalised()
    {
        var encoding = Learn(out var table);
        encoding = encoding with { InputNormalization = Normalization.Fit(encoding.Encode(table), NormalizationMode.UnitRange) };
        encoding = DataEncoding.FromJson(encoding.ToJson());
        var inputs = encoding.ApplyToInputs(CsvReader.ReadTable(folder.Write("new.csv", "sex,town,age\nm,Rome,45\n"), encoding, hasTargets: false));
        Assert.That(inputs.ToArray(), Is.EqualTo(new[] { 0.75, 0, 0, 1 / 60.0, 0, 1 / 60.0 }).Within(1e-7));
    }

    [Test]
    public void Json_KeepsAllOfIt()
    {
        var encoding = Learn(out var table);
        encoding = encoding with
        {
            InputNormalization = Normalization.Fit(encoding.Encode(table), NormalizationMode.Standardize),
            DoublePrecision = true,
            UnknownCategories = UnknownCategories.Zero
        };
        string json = encoding.ToJson();
        Assert.That(DataEncoding.FromJson(json).ToJson(), Is.EqualTo(json));
        var picture = DataEncoding.Of(new(new Table(new float[12], 12), new Table(new float[1], 1)) { ImageWidth = 2, ImageChannels = 3 });
        var read = DataEncoding.FromJson(picture.ToJson());
        Assert.That(read, Is.EqualTo(picture with { TargetColumns = read.TargetColumns }));
        Assert.That(picture.ImageHeight, Is.EqualTo(2));
    }

    [Test]
    public void Normalisation_IsReadAsItWasWrittenOnce()
    {
        var encoding = Learn(out var table);
        encoding = encoding with { InputNormalization = Normalization.Fit(encoding.Encode(table), NormalizationMode.UnitRange) };
        string json = encoding.ToJson(), old = json.Replace("\"unit-range\"", "\"unitRange\"", StringComparison.Ordinal)
            .Replace("\"constant\"", "\"constantFeatures\"", StringComparison.Ordinal);
        Assert.That(old, Has.Length.Not.EqualTo(json.Length));
        Assert.That(DataEncoding.FromJson(old).ToJson(), Is.EqualTo(json));
        Assert.That(DataEncoding.FromJson(json.Replace("  \"unknownCategories\": \"refuse\",\n", "", StringComparison.Ordinal)).ToJson(), Is.EqualTo(json));
    }

    [Test]
    public void Medians_AreLearnedFromTheExamplesThatAreNamed()
    {
        var options = new CsvOptions { Missing = MissingValues.Impute };
        var table = CsvReader.ReadTable(folder.Write("m.csv", "x,z,kind\n1,,a\n,5,b\n3,6,a\n1000,7,b\n5,8,a\n"), options);
        var encoding = DataEncoding.Learn(table, options);
        Assert.That(encoding.Columns!.Select(column => column.Median), Is.EqualTo(new double?[] { 4, 6.5 }));
        encoding = encoding.LearnedFrom(table, [1, 2, 4]);
        Assert.That(encoding.Columns!.Select(column => column.Median), Is.EqualTo(new double?[] { 4, 6 }));
        encoding = encoding.LearnedFrom(table, [0, 2]);
        Assert.That(encoding.Columns!.Select(column => column.Median), Is.EqualTo(new double?[] { 2, 6 }));
        Assert.That(encoding.Encode(table).Inputs.ToArray(), Is.EqualTo(new double[] { 1, 6, 2, 5, 3, 6, 1000, 7, 5, 8 }));
        Assert.That(() => encoding.LearnedFrom(table, [0]), Throws.TypeOf<DataException>().With.Message.Contains(
            "column \"z\" has no value in any example of the training part. Leave it out with --ignore-columns z."));
    }

    // The first row is dropped, so that the first example is the second row.
    [Test]
    public void Categories_AreLearnedFromTheExamplesThatAreNamed()
    {
        var options = new CsvOptions { Missing = MissingValues.Drop, CategoryColumns = ["zip"] };
        string path = folder.Write("c.csv", "x,town,zip,kind\n,Oslo,7,a\n1,Rome,10,a\n\n2,\"Bern\nold\",10,b\n3,Paris,20,b\n");
        var table = CsvReader.ReadTable(path, options);
        var whole = DataEncoding.Learn(table, options);
        Assert.That(whole.InputNames, Is.EqualTo(new[] { "x", "town=Bern\nold", "town=Paris", "town=Rome", "zip=10", "zip=20" }));
        var learned = whole.LearnedFrom(table, [0, 2]);
        Assert.That(learned.InputNames, Is.EqualTo(new[] { "x", "town=Paris", "town=Rome", "zip=10", "zip=20" }));
        Assert.That(learned.InputSize, Is.EqualTo(5));
        Assert.That(learned.ClassNames, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(() => learned.Encode(table), Throws.TypeOf<DataException>().With.Message.StartsWith(
            $"{path}:5: column \"town\" holds \"Bern\\nold\", which no training example has; those have Paris, Rome. Correct it, leave such rows out, "
                + "train with examples that have it, or write --unknown-categories zero"));
        Assert.That(learned.UnknownIn(table), Is.EqualTo(new UnknownCategory[] { new("town", "Bern\nold", 1) }));
        Assert.That(learned.UnknownIn(table, [0, 2]), Is.Empty);
        Assert.That(whole.LearnedFrom(table, [0]).UnknownIn(table, [1, 2]), Is.EqualTo(
            new UnknownCategory[] { new("town", "Bern\nold", 1), new("town", "Paris", 1), new("zip", "20", 1) }));
        learned = learned with { UnknownCategories = UnknownCategories.Zero };
        Assert.That(learned.Encode(table).Inputs.ToArray(), Is.EqualTo(new double[] { 1, 0, 1, 1, 0, 2, 0, 0, 1, 0, 3, 1, 0, 0, 1 }));
        Assert.That(() => whole.LearnedFrom(table, [1]).LearnedFrom(table, [0]).InputNames, Is.EqualTo(new[] { "x", "town=Rome", "zip=10" }));
        Assert.That(() => (learned with { ImageWidth = 5 }).LearnedFrom(table, [0]), Throws.TypeOf<ConfigurationException>());
    }

    [Test]
    public void CategoryColumn_ThatTheNamedExamplesLack_IsRefused()
    {
        var options = new CsvOptions { Missing = MissingValues.Impute };
        var table = CsvReader.ReadTable(folder.Write("c.csv", "x,town,kind\n1,Rome,a\n2,,b\n3,Paris,b\n4,,a\n"), options);
        Assert.That(() => DataEncoding.Learn(table, options).LearnedFrom(table, [1, 3]), Throws.TypeOf<DataException>().With.Message.Contains(
            "column \"town\" has no value in any example of the training part. Leave it out with --ignore-columns town."));
    }

    [Test]
    public void RegressionTargets_AreNormalisedAsTheTrainingWas()
    {
        var table = CsvReader.ReadTable(folder.Write("r.csv", "x,y\n0,10.5\n1,20.5\n"));
        var encoding = DataEncoding.Learn(table);
        encoding = encoding with { TargetNormalization = Normalization.FitTargets(encoding.Encode(table), NormalizationMode.UnitRange) };
        var data = DataEncoding.FromJson(encoding.ToJson()).Apply(CsvReader.ReadTable(folder.Write("n.csv", "x,y\n0,15.5\n"), encoding));
        Assert.That(data.Targets[0, 0], Is.EqualTo(0.5).Within(1e-7));
        Assert.That(data.TargetNormalization, Is.Not.Null);
    }

    [TestCase("age,town,sex,kind\n1,Bern,f,a\n", ":2: column \"town\" holds \"Bern\", which no training example has; those have Oslo, Paris, Rome.")]
    [TestCase("age,town,sex,kind\n1,Rome,f,c\n", "the class \"c\" is none of those that were learned: a, b.")]
    [TestCase("age,town,kind\n1,Rome,a\n", "a column is missing that the encoding was learned with: sex. The columns are age, town, kind.")]
    [TestCase("age,town,sex,kind\nold,Rome,f,a\n", ":2:1: column \"age\" holds \"old\", which is not a number.")]
    [TestCase("age,town,sex,kind\n1,Rome,f,\n", "column \"kind\" is empty: the target is missing")]
    public void NewDataThatDoesNotFit_IsRefused(string text, string message)
    {
        var encoding = Learn(out _);
        string path = folder.Write("new.csv", text);
        var error = Assert.Throws<DataException>(() => encoding.Encode(CsvReader.ReadTable(path, encoding)));
        Assert.That(error.Message, Does.StartWith(path).And.Contain(message));
    }

    [TestCase("version", "7", "$.version: 7; this version of the library reads 1.")]
    [TestCase("inputSize", "5", "$.inputSize: 5, and the columns make 6 inputs.")]
    [TestCase("inputSize", "0", "$.inputSize: 0; it must be at least 1.")]
    [TestCase("unknownCategories", "\"ignore\"", "there is no \"ignore\".")]
    [TestCase("missing", "\"ignore\"", "there is no \"ignore\".")]
    [TestCase("columns", "[{\"name\": 3}]", "$.columns[0].name: 3 is not a text.")]
    [TestCase("colour", "1", "there is no field \"colour\".")]
    public void DamagedJson_IsRefused(string field, string value, string message)
    {
        var json = JsonNode.Parse(Learn(out _).ToJson())!;
        json[field] = JsonNode.Parse(value);
        Assert.That(() => DataEncoding.FromJson(json.ToJsonString()), Throws.TypeOf<DataException>().With.Message.Contains(message));
    }

    [Test]
    public void WhatIsNoJson_IsRefused() => Assert.That(
        () => DataEncoding.FromJson("{"), Throws.TypeOf<DataException>().With.Message.StartsWith("The encoding is not valid JSON: "));

    [Test]
    public void Pictures_TakeThePlacesOfTheClassesThatWereLearned()
    {
        var learned = DataEncoding.Of(Picture(["ant", "bee", "cat"], 0));
        Assert.That(learned.Conform(Picture(["bee", "cat"], 1)).Targets.ToArray(), Is.EqualTo(new double[] { 0, 0, 1 }));
        Assert.That(() => learned.Conform(Picture(["bee", "dog"], 1)), Throws.TypeOf<DataException>()
            .With.Message.Contains("The class \"dog\" is none of those that were learned: ant, bee, cat."));
        Assert.That(() => learned.Conform(new(new Table(new float[3], 3), new Table(new float[1], 1))), Throws.TypeOf<DataException>()
            .With.Message.EqualTo("These examples are 3 numbers; those that were learned from are pictures of 2 × 2 pixels in grey."));
    }

    private static Dataset Picture(string[] names, int place)
    {
        var targets = new float[names.Length];
        targets[place] = 1;
        return new(new Table(new float[4], 4), new Table(targets, names.Length)) { ImageWidth = 2, ClassNames = names };
    }

    private DataEncoding Learn(out RawTable table)
    {
        var options = new CsvOptions { Missing = MissingValues.Impute };
        table = CsvReader.ReadTable(folder.Write("learned.csv", Learned), options);
        return DataEncoding.Learn(table, options);
    }
}
